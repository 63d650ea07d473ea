/// Charts of a report.
module Iqt.Tests.Experiments.ChartTests

open Expecto
open Iqt.Experiments.Reports

let private line points : Chart.Line = {
    Name = "a"
    Colour = 0
    Dash = 0
    Points = points
}

[<Tests>]
let tests =
    testList "experiments/chart" [
        test "a point whose deviation is no number is drawn without one" {
            let chart =
                Chart.draw "x" "y" true [ line [ 1.0, 40.0, Some nan; 2.0, 45.0, Some 1.0 ] ]

            Expect.stringContains chart "<circle" "points"
            Expect.isFalse (chart.Contains "NaN") "numbers only"
        }
        test "a point that is no number is left out; without any other there is nothing to draw" {
            let chart =
                Chart.draw "x" "y" true [ line [ 1.0, nan, Some nan; 2.0, 45.0, Some 1.0 ] ]

            Expect.equal (chart.Split("<circle").Length - 1) 1 "one point"
            Expect.isFalse (chart.Contains "NaN") "numbers only"
            Expect.stringContains (Chart.draw "x" "y" true [ line [ 1.0, nan, None ] ]) "Nothing to draw" "words"
        }
        test "a single point is drawn" {
            let chart = Chart.draw "x" "y" false [ line [ 1.0, 40.0, Some nan ] ]
            Expect.stringContains chart "<circle" "the point"
            Expect.isFalse (chart.Contains "NaN") "numbers only"
        }
    ]
