module Iqt.Tests.Experiments.StatisticsTests

open System.IO
open Expecto
open FsCheck.FSharp
open Iqt.Diffusion
open Iqt.Experiments.Statistics
open Iqt.Tests

let private test' rule (differences: float list) =
    WilcoxonTest.Of(rule, List.toArray differences)

let private close name expected found =
    Expect.isTrue
        (abs (found - expected) <= 1e-12 * max 1.0 (abs expected))
        $"{name}: {found} was found, {expected} expected"

/// Every assignment of signs, one by one: what the distribution must agree with.
let private enumerated (ranks: float array) (sum: float) =
    let assignments = 1 <<< ranks.Length

    let hits =
        Seq.init assignments (fun bits ->
            ranks
            |> Array.mapi (fun i rank -> if bits >>> i &&& 1 = 1 then rank else 0.0)
            |> Array.sum)
        |> Seq.filter (fun found -> found <= sum)
        |> Seq.length

    float hits / float assignments

let private smallDifferences =
    Gen.choose (-4, 5) |> Gen.listOf |> Gen.resize 9 |> Arb.fromGen

[<Tests>]
let tests =
    testList "experiments/statistics" [
        test "eight pairs of one sign give the paper's p" {
            // Blumberg et al. 2018, section 3: W = 0, p = 0.0117. Exact: two of 2⁸ assignments. Corrected: R's default.
            let found = test' ZeroRule.Wilcoxon [ 1.0 .. 8.0 ]
            Expect.equal found.W 0.0 "W"
            Expect.equal found.Exact 0.0078125 "exact"
            Expect.equal (System.Math.Round(found.Approximate, 4)) 0.0117 "approximation"
            Expect.equal (System.Math.Round(found.Corrected, 4)) 0.0143 "with correction"
            Expect.equal found.RankBiserial 1.0 "rank-biserial"
        }

        test "a published sample with a tie and a zero: Wilcoxon's and Pratt's rule" {
            // Differences 0, 1, −1, 2, 3: ranks 1.5, 1.5, 3, 4 without and 2.5, 2.5, 4, 5 with the zero, by hand.
            let differences = [ 0.0; 1.0; -1.0; 2.0; 3.0 ]
            let dropped = test' ZeroRule.Wilcoxon differences
            Expect.equal (dropped.PositiveSum, dropped.NegativeSum) (8.5, 1.5) "dropped"
            let ranked = test' ZeroRule.Pratt differences
            Expect.equal (ranked.PositiveSum, ranked.NegativeSum) (11.5, 2.5) "ranked"
            Expect.equal (dropped.Zeros, dropped.Effective) (1, 4) "zeros"
        }

        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 200
            }
            "exact p equals a count of all assignments, ties and zeros included"
            (Prop.forAll smallDifferences (fun differences ->
                for rule in [ ZeroRule.Wilcoxon; ZeroRule.Pratt ] do
                    let values = differences |> List.map float |> List.toArray
                    let signed = SignedRanks.Of(rule, values)

                    let expected =
                        min 1.0 (2.0 * enumerated signed.Ranks (min signed.PositiveSum signed.NegativeSum))

                    close $"{rule}" expected (WilcoxonTest.Of(rule, values).Exact)))

        test "the distribution of 100 ranks sums to 1 and has its middle in the middle" {
            let distribution =
                SignedRankDistribution.ofRanks (Array.init 100 (fun i -> float (i + 1)))

            close "sum" 1.0 (Array.sum distribution)
            close "half" 0.5 (SignedRankDistribution.atMost 2525.0 distribution - 0.5 * distribution[5050])
        }

        test "Hodges–Lehmann: median of Walsh averages and R's interval" {
            // R 4.2: wilcox.test(c(1.83,0.50,1.62,2.48,1.68,1.88,1.55,3.06,1.30),
            //   c(0.878,0.647,0.598,2.05,1.06,1.29,1.06,3.14,1.29), paired=TRUE, conf.int=TRUE) on Hollander and
            // Wolfe's depression data: V = 40, p = 0.03906, estimate 0.46, 95 % interval 0.010 to 0.786.
            let before = [ 1.83; 0.50; 1.62; 2.48; 1.68; 1.88; 1.55; 3.06; 1.30 ]
            let after = [ 0.878; 0.647; 0.598; 2.05; 1.06; 1.29; 1.06; 3.14; 1.29 ]

            let found =
                PairedComparison.Of(ZeroRule.Wilcoxon, [ for i in 1..9 -> string i ], before, after)

            Expect.equal found.Test.PositiveSum 40.0 "V"
            Expect.equal found.Test.Exact 0.0390625 "p"
            Expect.floatClose Accuracy.high found.Shift.Estimate 0.46 "estimate"
            Expect.floatClose Accuracy.high found.Shift.Lower 0.010 "lower"
            Expect.floatClose Accuracy.high found.Shift.Upper 0.786 "upper"
            Expect.isGreaterThanOrEqual found.Shift.Confidence 0.95 "at least what was asked for"
        }

        test "too few pairs for 95 %: all averages, and the confidence says so" {
            let found = HodgesLehmann.Of(0.95, [| 1.0; 2.0; 4.0 |])
            Expect.equal (found.Lower, found.Upper, found.Confidence) (1.0, 4.0, 0.75) "interval"
        }

        test "Holm's adjustment, the example of R's p.adjust" {
            let found = Holm.adjust [| 0.01; 0.04; 0.03; 0.005 |]
            Array.iter2 (close "adjusted") [| 0.03; 0.06; 0.06; 0.02 |] found
        }

        test "the bootstrap interval covers a normal mean about as often as it says" {
            // 300 samples of 20: at 90 % the count is binomial with deviation 5.2; small samples cover a little less.
            let random = Iqt.Training.SeededRandom 3UL

            let uniform () =
                (float (random.NextBits() >>> 11) + 0.5) / float (1UL <<< 53)

            let normal () =
                sqrt (-2.0 * log (uniform ())) * cos (2.0 * System.Math.PI * uniform ())

            let covered =
                Seq.init 300 (fun i ->
                    let interval =
                        Bootstrap.OfMean(0.9, 400, uint64 i, Array.init 20 (fun _ -> normal ()))

                    interval.Lower <= 0.0 && 0.0 <= interval.Upper)
                |> Seq.filter id
                |> Seq.length

            Expect.isGreaterThan covered 245 "not too narrow"
            Expect.isLessThan covered 290 "not too wide"
        }

        test "tables pair by subject, not by line, and refuse what they can't pair" {
            TestData.inTemporaryFolder (fun folder ->
                let file name (text: string) =
                    let path = Path.Combine(folder, name)
                    File.WriteAllText(path, text)
                    path

                let a = SubjectTable.Read(file "a.csv" "subject,total,site\ns1,1,x\ns2,2,y\n")
                let b = SubjectTable.Read(file "b.csv" "total\tsubject\n20\ts2\n10\ts1\n")
                Expect.equal (List.map fst a.Columns) [ "total" ] "text is no column of figures"
                Expect.equal (SubjectTable.Pair("total", a, b)) ([ "s1"; "s2" ], [ 1.0; 2.0 ], [ 10.0; 20.0 ]) "paired"

                let refuses words action =
                    Expect.throwsC action (fun error ->
                        Expect.isTrue (error :? DataException) $"{error.GetType()}"

                        for word: string in words do
                            Expect.stringContains error.Message word "message")

                let c = SubjectTable.Read(file "c.csv" "subject,total\ns1,\ns3,2\n")
                refuses [ "a.csv"; "s3"; "c.csv" ] (fun () -> SubjectTable.Pair("total", a, c) |> ignore)
                refuses [ "a.csv"; "'md'"; "total" ] (fun () -> SubjectTable.Pair("md", a, b) |> ignore)

                refuses [ "d.csv"; "s1"; "2 times" ] (fun () ->
                    SubjectTable.Read(file "d.csv" "subject,x\ns1,1\ns1,2\n") |> ignore)

                refuses [ "e.csv"; "line 2"; "1 fields" ] (fun () ->
                    SubjectTable.Read(file "e.csv" "subject,x\ns1\n") |> ignore)

                refuses [ "g.csv"; "line 5" ] (fun () ->
                    SubjectTable.Read(file "g.csv" "\nsubject,x\n\ns1,1\ns2\n") |> ignore)

                refuses [ "f.csv"; "'subject'" ] (fun () -> SubjectTable.Read(file "f.csv" "id,x\ns1,2\n") |> ignore))
        }
    ]
