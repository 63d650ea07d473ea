module Iqt.Tests.Diffusion.GradientTests

open System
open System.IO
open Expecto
open Iqt.Diffusion
open Iqt.Tests

let private fault (expected: GradientFault) (action: unit -> 'a) =
    try
        action () |> ignore
        failtestf "no exception, %A was expected" expected
    with :? GradientException as error ->
        Expect.equal error.Fault expected error.Message

let private directions (count: int) = [|
    for i in 0 .. count - 1 -> GradientDirection(sin (float i), cos (float i), 0.0)
|]

/// Text of a matrix with a separator.
let private text (separator: string) (rows: float[][]) =
    rows
    |> Array.map (fun row -> String.Join(separator, row |> Array.map (fun v -> v.ToString "R")))
    |> String.concat "\n"

[<Tests>]
let tests =
    testList "diffusion/gradients" [
        test "a direction without a length counts only where there is weight" {
            let table b =
                GradientTable([| b; 1000.0 |], [| GradientDirection(infinity, 0, 0); GradientDirection(0, 1, 0) |], "x")

            Expect.equal (table 5.0).Directions[0] (GradientDirection()) "at b=0 it is none"

            Expect.throwsC (fun () -> table 1000.0 |> ignore) (fun error ->
                Expect.stringContains error.Message "volume 0" "a weighted one is refused")
        }

        testProperty "directions read alike in either orientation, with any separator"
        <| fun (seed: int) (separator: int) ->
            let count = 4 + Random(seed).Next 20
            let expected = directions count

            let columns =
                [| (fun (d: GradientDirection) -> d.X); _.Y; _.Z |]
                |> Array.map (fun f -> Array.map f expected)

            let separator = [| " "; "\t"; ","; "  "; ", " |][abs (separator % 5)]
            Expect.equal (GradientText.ParseDirections(text separator columns, "f")) expected "3 × N"

            Expect.equal
                (GradientText.ParseDirections(text separator (Array.transpose columns) + "\r\n", "f"))
                expected
                "N × 3"

        testProperty "formatted text reads back bit for bit"
        <| fun (seed: int) ->
            let random = Random seed
            let b = Array.init (1 + random.Next 9) (fun _ -> random.NextDouble() * 3000.0)
            Expect.equal (GradientText.ParseBValues(GradientText.FormatBValues b, "f")) b "b-values"
            let d = b |> Array.map (fun v -> GradientDirection(v, -v, v / 3.0))
            Expect.equal (GradientText.ParseDirections(GradientText.FormatDirections d, "f")) d "directions"

        test "b-values in a row or a column" {
            Expect.equal (GradientText.ParseBValues("0 1000\t995,5\n", "f")) [| 0.0; 1000.0; 995.0; 5.0 |] "row"
            Expect.equal (GradientText.ParseBValues("0\n1e3\n\n", "f")) [| 0.0; 1000.0 |] "column"
        }

        test "a NaN direction of b=0 becomes none; directions are brought to unit length" {
            let parsed = GradientText.ParseDirections("NaN 0.99\nnan 0\nNaN 0", "f")
            let table = GradientTable([| 0.0; 1000.0 |], parsed)
            Expect.equal table.Directions[0] (GradientDirection(0.0, 0.0, 0.0)) "b=0"
            Expect.equal table.Directions[1] (GradientDirection(1.0, 0.0, 0.0)) "unit"
        }

        test "shells keep b=0 and what lies within the tolerance" {
            let b = [| 5.0; 990.0; 1000.0; 1101.0; 2000.0; 50.0; 51.0 |]
            let table = GradientTable(b, directions 7)
            Expect.equal (Shell().Volumes table) [| 0; 1; 2; 5 |] "b=1000"
            Expect.equal (Shell(BValue = 2000.0).Volumes table) [| 0; 4; 5 |] "b=2000"
            Expect.equal (table.BaselineVolumes()) [| 0; 5 |] "b=0"
        }

        test "b-values that scatter make one shell; trace volumes belong to none" {
            let b = [| 0.0; 5.0; 990.0; 1002.0; 1010.0; 1000.0; 1995.0; 2010.0; 3000.0; 0.0 |]

            let d =
                Array.init 10 (fun i -> if i = 5 then GradientDirection() else (directions 10)[i])

            let table = GradientTable(b, d)
            Expect.equal (table.TraceVolumes()) [| 5 |] "b=1000 without a direction"
            Expect.equal (Shell().Volumes table) [| 0; 1; 2; 3; 4; 9 |] "b=1000"

            Expect.equal
                [
                    for shell in ShellSummary.Of table -> shell.Lowest, shell.Highest, shell.Volumes
                ]
                [ 0.0, 5.0, 3; 990.0, 1010.0, 3; 1995.0, 2010.0, 2; 3000.0, 3000.0, 1 ]
                "shells"
        }

        testProperty "directions in the scanner's frame are those that the voxel axes have there"
        <| fun (seed: int) (flipped: bool) ->
            let random = Random seed
            // A rotation about a random axis (Rodrigues), voxels of different sizes, mirrored or not.
            let a = Array.init 3 (fun _ -> random.NextDouble() - 0.5)
            let n = a |> Array.map (fun v -> v / sqrt (a |> Array.sumBy (fun w -> w * w)))
            let angle = random.NextDouble() * Math.PI

            let cross =
                array2D [ [ 0.0; -n[2]; n[1] ]; [ n[2]; 0.0; -n[0] ]; [ -n[1]; n[0]; 0.0 ] ]

            let r i j =
                (if i = j then cos angle else 0.0)
                + (1.0 - cos angle) * n[i] * n[j]
                + sin angle * cross[i, j]

            let size = [| (if flipped then -1.5 else 1.5); 2.0; 2.5 |]

            let affine =
                Affine(
                    ReadOnlySpan [|
                        for i in 0..2 do
                            yield! [ r i 0 * size[0]; r i 1 * size[1]; r i 2 * size[2]; 7.0 ]
                    |]
                )

            let frame target = FrameRotation.FromBvec(target, affine)
            // FSL: bvecs are in voxel axes, x flipped if the determinant is positive.
            let image = frame(GradientFrame.Image).Apply(GradientDirection(0.6, 0.0, 0.8))
            Expect.equal image.X (if flipped then 0.6 else -0.6) "x flips with a positive determinant"
            let scanner = frame(GradientFrame.Scanner).Apply(GradientDirection(0.6, 0.0, 0.8))
            // One voxel axis is a column of the affine, of unit length.
            let along j = if j = 0 && flipped then -1.0 else 1.0

            let expected i =
                image.X * r i 0 * along 0 + image.Z * r i 2

            [ scanner.X; scanner.Y; scanner.Z ]
            |> List.iteri (fun i found -> Expect.isLessThan (abs (found - expected i)) 1e-12 "scanner")

            let back = frame(GradientFrame.Scanner).Inverse().Apply scanner
            Expect.isLessThan (abs (back.X - 0.6) + abs back.Y + abs (back.Z - 0.8)) 1e-12 "and back"

        test "each fault is told apart" {
            fault GradientFault.Unreadable (fun () -> GradientText.ParseBValues("0 b1000", "f"))
            fault GradientFault.Unreadable (fun () -> GradientText.ParseBValues("", "f"))
            fault GradientFault.Unreadable (fun () -> GradientText.ParseDirections("1 2\n3 4", "f"))
            fault GradientFault.DirectionCount (fun () -> GradientTable([| 0.0 |], directions 2))
            fault GradientFault.BValue (fun () -> GradientTable([| -1.0 |], directions 1))

            fault GradientFault.Direction (fun () ->
                GradientTable([| 1000.0 |], [| GradientDirection(0.5, 0.0, 0.0) |]))

            let table = GradientTable([| 0.0; 1000.0 |], directions 2)
            fault GradientFault.VolumeCount (fun () -> table.CheckVolumes(3, "dwi"))
            fault GradientFault.ShellAbsent (fun () -> Shell(BValue = 3000.0).Volumes table)
            fault GradientFault.ShellAbsent (fun () -> Shell().Volumes(GradientTable([| 1000.0 |], directions 1)))
        }

        test "files are found beside a series by either custom; a missing one is named" {
            TestData.inTemporaryFolder (fun folder ->
                let write name (text: string) =
                    File.WriteAllText(Path.Combine(folder, name), text)

                let bids = Path.Combine(folder, "sub-01_dwi.nii.gz")
                let hcp = Path.Combine(folder, "data.nii.gz")
                fault GradientFault.Missing (fun () -> GradientFiles.Beside bids)
                write "sub-01_dwi.bval" "0 1000"
                fault GradientFault.Missing (fun () -> GradientFiles.Beside bids)
                write "sub-01_dwi.bvec" "0 1\n0 0\n0 0"
                Expect.equal (GradientFiles.Beside(bids).Read().Count) 2 "BIDS"
                write "bvals" "5 1000 1000"
                write "bvecs" "0 1 0\n0 0 1\n0 0 0"
                Expect.equal (GradientFiles.Beside(hcp).Read().BValues[0]) 5.0 "HCP"
                write "bvecs" "0 1\n0 0\n0 0"
                fault GradientFault.DirectionCount (fun () -> GradientFiles.Beside(hcp).Read())
                fault GradientFault.Missing (fun () -> GradientFiles("x.bval", "x.bvec").Read()))
        }

        test "the HCP table: 18 b=0 and 90 directions at b=1000" {
            let files =
                GradientFiles(TestData.path "gradients/hcp_bvals.txt", TestData.path "gradients/hcp_bvecs.txt")

            Expect.equal ((Shell().Volumes(files.Read())).Length) 108 "volumes"
        }
    ]
