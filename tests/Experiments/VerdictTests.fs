/// What figures are said to mean.
module Iqt.Tests.Experiments.VerdictTests

open Expecto
open Iqt.Experiments.Demo
open Iqt.Experiments.Methods
open Iqt.Training

let private errors name (interior: float) (exterior: float) (total: float) : MethodErrors = {
    Method = name
    Errors = [
        for subject, shift in [ "sub-01", -1.0; "sub-02", 1.0 ] ->
            SubjectError(
                subject,
                interior + shift,
                exterior + shift,
                total + shift,
                total,
                total / 300.0,
                20.0,
                0.8,
                5,
                100,
                exterior - 10.0,
                90
            )
    ]
}

let private interpolations = [
    errors "linear interpolation" 24.0 40.0 39.0
    errors "cubic interpolation" 22.0 38.0 37.0
    errors "B-spline interpolation" 20.0 38.5 37.5
]

[<Tests>]
let tests =
    testList "experiments/verdicts" [
        test "each figure against the best interpolation by it" {
            Expect.equal
                (InterpolationVerdict.against interpolations (errors "espcn" 25.0 31.16 30.0))
                "Beside the best interpolation of each figure espcn is worse by 25 % in the interior (B-spline), better by 24 % over the covered voxels (cubic), better by 19 % in total (cubic), better by 19 % in FA (cubic)."
                "two interpolations"

            Expect.equal
                (InterpolationVerdict.against [ interpolations[1] ] (errors "espcn" 11.0 38.05 30.0))
                "Beside the best interpolation (cubic) espcn is better by 50 % in the interior, level over the covered voxels, better by 19 % in total, better by 19 % in FA."
                "one, and hardly a difference"
        }

        test "nothing is said of an interior that isn't there, nor of a figure that a file does not have" {
            let old = SubjectError("sub-01", nan, 30.0, 30.0, 30.0, 0.1, 20.0, 0.8, 0, 100)

            Expect.equal
                (InterpolationVerdict.against [ interpolations[1] ] { Method = "espcn"; Errors = [ old ] })
                "Beside the best interpolation (cubic) espcn is better by 19 % in total, better by 19 % in FA."
                "two figures"
        }

        test "the demo ranks networks only where the figures tell" {
            let verdict rn =
                DemoVerdict.words [
                    yield! interpolations
                    errors "espcn" 20.0 25.0 24.0
                    errors "espcn-rn" 20.0 25.0 rn
                ]

            Expect.stringContains (verdict 20.0) "is ahead here" "by far"
            Expect.stringContains (verdict 28.0) "is behind the plain one" "by far"
            Expect.stringContains (verdict 23.7) "are level here" "by 1 %"

            let one (method: MethodErrors) = {
                method with
                    Errors = List.truncate 1 method.Errors
            }

            let quick =
                DemoVerdict.words [
                    for method in
                        interpolations
                        @ [ errors "espcn" 20.0 25.0 24.0; errors "espcn-rn" 20.0 25.0 20.0 ] -> one method
                ]

            Expect.isFalse (quick.Contains "ahead") "one subject says nothing of depth"
        }
    ]
