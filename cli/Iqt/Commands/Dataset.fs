/// <c>iqt dataset</c>: what a data set holds, and what would be skipped and why.
module Iqt.Cli.Commands.Dataset

open System
open Argu
open Iqt.Cli
open Iqt.Diffusion
open Iqt.Training

type Arguments =
    | [<MainCommand; ExactlyOnce>] Dataset of DATASET: string
    | [<Unique>] Shell of B: float
    | [<Unique>] Factor of R: int
    | [<Unique>] Read
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dataset _ -> "folder in BIDS or HCP layout, or a .tsv table of paths (subject, dwi, bval, bvec, mask)."
            | Shell _ -> "b-value in s/mm² of the shell to be used with b=0 (default 1000)."
            | Factor _ -> "upsampling rate that it is to be prepared for (default 2)."
            | Read ->
                "read every volume to its end, which finds files that were cut or damaged; without it headers, gradient tables and masks are read."
            | Json -> "print one JSON document."

let examples = [
    "iqt dataset /data/HCP"
    "iqt dataset bids --shell 2000 --json"
    "iqt dataset /data/HCP --read"
]

let private shells (found: SeriesInspection) =
    found.Shells |> Seq.map string |> String.concat ", "

let private size (found: SeriesInspection) =
    match found.Header with
    | null -> "?"
    | header -> string header.Grid.Size

let private voxel (found: SeriesInspection) =
    match found.Header with
    | null -> "?"
    | header ->
        let struct (x, y, z) = header.Grid.Affine.VoxelSize
        $"%.4g{x}×%.4g{y}×%.4g{z}"

let private mask (found: SeriesInspection) =
    if not (isNull found.Files.Mask) then "given"
    elif isNull found.Problem then "computed"
    else "none"

let private document (dataset: Dataset) (read: bool) (series: SeriesInspection list) =
    Json.object [
        "layout", Json.text ((string dataset.Layout).ToLowerInvariant())
        "volumesRead", Json.flag read
        "series",
        Json.list [
            for found in series ->
                Json.object [
                    "name", Json.text found.Files.Name
                    "subject", Json.text found.Files.Subject
                    "dwi", Json.text found.Files.Dwi
                    "size", Json.text (size found)
                    "voxel", Json.text (voxel found)
                    "shells", found.Shells |> Seq.map (string >> Json.text) |> Json.list
                    "traceVolumes", Json.integer found.TraceVolumes
                    "mask",
                    (match found.Files.Mask with
                     | null -> null
                     | path -> Json.text path)
                    "notes", found.Notes |> Seq.map Json.text |> Json.list
                    "problem",
                    (match found.Problem with
                     | null -> null
                     | problem -> Json.text problem)
                ]
        ]
        "skipped",
        Json.list [
            for entry in dataset.Skipped ->
                Json.object [ "path", Json.text entry.Path; "reason", Json.text entry.Reason ]
        ]
    ]

let private report (dataset: Dataset) (read: bool) (series: SeriesInspection list) (writer: System.IO.TextWriter) =
    let usable = series |> List.filter (fun found -> isNull found.Problem)
    let name = (string dataset.Layout).ToUpperInvariant()

    let passedOver =
        if dataset.Skipped.Count = 1 then
            "1 entry is"
        else
            $"{dataset.Skipped.Count} entries are"

    writer.WriteLine $"Layout {name}: {usable.Length} of {series.Length} series can be used, {passedOver} passed over."

    writer.WriteLine(
        if read then
            "Volumes were read to their end."
        else
            "Headers, gradient tables and masks were read, not the volumes: --read reads them too."
    )

    writer.WriteLine()

    let row (found: SeriesInspection) = [
        found.Files.Name
        size found
        voxel found
        shells found
        mask found
        (if isNull found.Problem then "yes" else "no")
    ]

    TextTable.write
        [
            "series", TextTable.Left
            "voxels", TextTable.Right
            "mm", TextTable.Right
            "volumes", TextTable.Left
            "mask", TextTable.Left
            "used", TextTable.Left
        ]
        (series |> List.map row)
        writer

    let noted (found: SeriesInspection) = [ for note in found.Notes -> note, found.Files.Name ]

    let lines = [
        for found in series do
            match found.Problem with
            | null -> ()
            | problem -> yield $"{found.Files.Name} can't be used: {problem}"

        // One scanner, one note: said once, not for every subject.
        for note, those in series |> List.collect noted |> List.groupBy fst do
            match List.map snd those with
            | [ name ] -> yield $"{name}: {note}"
            | names -> yield $"{names.Length} series ({NameList.few names}): {note}"

        for entry in dataset.Skipped do
            yield $"passed over {entry.Path}: {entry.Reason}"
    ]

    if not lines.IsEmpty then
        writer.WriteLine()
        lines |> List.iter (fun (line: string) -> writer.WriteLine line)

let run (streams: Streams) (arguments: ParseResults<Arguments>) =
    let dataset = Iqt.Diffusion.Dataset.Find(arguments.GetResult Dataset)

    let shell =
        Iqt.Diffusion.Shell(Options.positive "--shell" (arguments.GetResult(Shell, 1000.0)))

    let factor = arguments.GetResult(Factor, 2) |> Options.atLeast 2 "--factor"

    let read = arguments.Contains Read

    let series =
        Progress.track streams (if read then "Reading series" else "Looking at series") (fun progress -> [
            for i, files in Seq.indexed dataset.Subjects do
                let report part =
                    (progress :> IProgress<float>).Report((float i + part) / float dataset.Subjects.Count)

                streams.Cancellation.ThrowIfCancellationRequested()
                let found = SeriesInspection.Of(files, shell, factor)

                let found =
                    if read then
                        found.ReadVolumes(Iqt.Experiments.Reporter<_> report, streams.Cancellation)
                    else
                        found

                // The series can be fitted, but not prepared beside the others.
                if isNull found.Problem then
                    found.WithProblem(SubjectNames.Problem(files, dataset.Subjects))
                else
                    found

                report 1.0
        ])

    streams.Result(arguments.Contains Json, (fun () -> document dataset read series), report dataset read series)
    ExitCode.Success
