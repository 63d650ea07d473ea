/// Figures of a comparison as a report writes them.
module Iqt.Experiments.Reports.ComparisonText

open System.Globalization
open Iqt.Experiments.Statistics

/// A sum of ranks.
let number (value: float) =
    value.ToString("0.####", CultureInfo.InvariantCulture)

let private leastShown = 0.0001

/// A probability. None is 0, as four digits would have it of many subjects.
let p (value: float) =
    if value < leastShown then
        $"< {number leastShown}"
    else
        number value

/// The exact p, named.
let exactP (value: float) =
    if value < leastShown then
        $"exact p {p value}"
    else
        $"exact p = {p value}"

// A minus as long as the plus.
let private minus (numbers: string) = numbers.Replace('-', '−')

/// How far the second's mean lies above (+) or below the first's.
let change (comparison: PairedComparison) =
    let percent = -100.0 * comparison.Reduction
    minus (percent.ToString("+0.0 '%';-0.0 '%';0.0 '%'", CultureInfo.InvariantCulture))

/// A number of two digits behind the point.
let signed (value: float) = minus $"%.2f{value}"

/// The difference, its interval, and what so few subjects allow, where that is not 95 %.
let interval (shift: HodgesLehmann) =
    let reached =
        if shift.Confidence < 0.95 then
            (100.0 * shift.Confidence).ToString(" 0.# '%'", CultureInfo.InvariantCulture)
        else
            ""

    minus $"%.2f{shift.Estimate} [%.2f{shift.Lower}, %.2f{shift.Upper}]" + reached
