/// <c>iqt stats</c>: tests of paired figures.
module Iqt.Cli.Commands.Stats

open System
open Argu
open Iqt.Cli
open Iqt.Experiments.Methods
open Iqt.Experiments.Statistics

type Zeros =
    | Wilcoxon
    | Pratt

type WilcoxonArguments =
    | [<MainCommand; ExactlyOnce>] Tables of A: string * B: string
    | Column of NAME: string
    | [<Unique>] Zeros of Zeros
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Tables _ -> "two tables with a column 'subject' and columns of figures (iqt evaluate --out writes them)."
            | Column _ -> "a column to compare; may be repeated (default: all that both have)."
            | Zeros _ -> "pairs without a difference are dropped (wilcoxon, default) or ranked first (pratt)."
            | Json -> "print one JSON document."

type Arguments =
    | [<CliPrefix(CliPrefix.None)>] Wilcoxon of ParseResults<WilcoxonArguments>

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Wilcoxon _ -> "Wilcoxon's signed-rank test of A against B, paired by subject."

let examples = [
    "iqt stats wilcoxon espcn.csv espcn-rn.csv"
    "iqt stats wilcoxon espcn.csv espcn-rn.csv --column total --zeros pratt --json"
]

let private invariant (format: string) (value: float) =
    value.ToString(format, Globalization.CultureInfo.InvariantCulture)

let private document (results: (string * PairedComparison * float) list) =
    results
    |> List.map (fun (column, result, adjusted) ->
        let summary (s: Summary) =
            Json.object [ "mean", Json.number s.Mean; "standardDeviation", Json.number s.Deviation ]

        let test = result.Test

        Json.object [
            "column", Json.text column
            "pairs", Json.integer test.Pairs
            "zeros", Json.integer test.Zeros
            "a", summary result.First
            "b", summary result.Second
            "w", Json.number test.W
            "positiveRanks", Json.number test.PositiveSum
            "negativeRanks", Json.number test.NegativeSum
            "pExact", Json.number test.Exact
            "pExactHolm", Json.number adjusted
            "pApproximate", Json.number test.Approximate
            "pApproximateCorrected", Json.number test.Corrected
            "rankBiserial", Json.number test.RankBiserial
            "shift",
            Json.object [
                "estimate", Json.number result.Shift.Estimate
                "lower", Json.number result.Shift.Lower
                "upper", Json.number result.Shift.Upper
                "confidence", Json.number result.Shift.Confidence
            ]
            "meanDifference",
            Json.object [
                "mean", Json.number (Array.average result.Differences)
                "lower", Json.number result.MeanInterval.Lower
                "upper", Json.number result.MeanInterval.Upper
                "confidence", Json.number 0.95
            ]
        ])
    |> Json.list

// A column of an evaluation's table; None for any other, of which nothing is known.
let private known (column: string) =
    Figures.all |> List.tryFind (fun figure -> figure.Name = column)

let private signs (columns: string list) (writer: IO.TextWriter) =
    let say moreIsBetter (words: string) =
        match
            columns
            |> List.filter (fun column -> (known column |> Option.map _.MoreIsBetter) = Some moreIsBetter)
        with
        | [] -> ()
        | named -> writer.WriteLine $"""{String.concat ", " named}: {words}."""

    say false "less is better, A is ahead where A − B is negative"
    say true "more is better, A is ahead where A − B is positive"

let private table (results: (string * PairedComparison * float) list) (writer: IO.TextWriter) =
    let p = invariant "0.######"

    let row (column: string, result: PairedComparison, adjusted: float) =
        let figure = invariant "0.####"
        let shift = result.Shift
        let digits = known column |> Option.map _.Digits |> Option.defaultValue 2

        [
            column
            string result.Test.Effective
            result.First.Format digits
            result.Second.Format digits
            invariant "0.#" result.Test.W
            p result.Test.Exact
            p adjusted
            invariant "0.0000" result.Test.Approximate
            invariant "0.0000" result.Test.Corrected
            invariant "0.00" result.Test.RankBiserial
            $"{figure shift.Estimate} [{figure shift.Lower}, {figure shift.Upper}]"
            invariant "0.0" (100.0 * shift.Confidence) + " %"
        ]

    TextTable.write
        [
            "column", TextTable.Left
            "n", TextTable.Right
            "A", TextTable.Right
            "B", TextTable.Right
            "W", TextTable.Right
            "exact p", TextTable.Right
            "Holm", TextTable.Right
            "approx. p", TextTable.Right
            "corrected", TextTable.Right
            "rank-biserial", TextTable.Right
            "A − B (Hodges–Lehmann)", TextTable.Right
            "confidence", TextTable.Right
        ]
        (List.map row results)
        writer

    let columns = [ for column, _, _ in results -> column ]

    if columns |> List.exists (known >> Option.isSome) then
        writer.WriteLine()
        signs columns writer

let private wilcoxon (streams: Streams) (arguments: ParseResults<WilcoxonArguments>) =
    let pathA, pathB = arguments.GetResult Tables
    let first, second = SubjectTable.Read pathA, SubjectTable.Read pathB

    let columns =
        match arguments.GetResults Column with
        | [] ->
            let shared = [
                for name, a in first.Columns do
                    match List.tryFind (fst >> (=) name) second.Columns with
                    | Some(_, b) -> name, List.exists Double.IsNaN (a @ b)
                    | None -> ()
            ]

            // As of the interior of brains that have none.
            match shared |> List.filter snd |> List.map fst with
            | [] -> ()
            | gaps ->
                streams.Say
                    $"""Left out, as not every subject has a figure: {String.concat ", " gaps}. --column names one all the same."""

            shared |> List.filter (snd >> not) |> List.map fst
        | named -> List.distinct named

    if columns.IsEmpty then
        raise (UsageException $"{pathA} and {pathB} have no column of figures in common. Name one with --column.")

    let rule =
        match arguments.GetResult(Zeros, Zeros.Wilcoxon) with
        | Zeros.Wilcoxon -> ZeroRule.Wilcoxon
        | Zeros.Pratt -> ZeroRule.Pratt

    let comparisons =
        columns
        |> List.map (fun column ->
            let subjects, a, b = SubjectTable.Pair(column, first, second)
            PairedComparison.Of(rule, subjects, a, b))

    let adjusted =
        comparisons
        |> List.map _.Test.Exact
        |> List.toArray
        |> Holm.adjust
        |> Array.toList

    let results = List.zip3 columns comparisons adjusted
    streams.Result(arguments.Contains Json, (fun () -> document results), table results)
    ExitCode.Success

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    match arguments.GetAllResults() with
    | [ Wilcoxon arguments ] -> wilcoxon streams arguments
    | _ -> raise (UsageException "name one test. iqt stats --help lists them.")
