namespace Iqt.Experiments.Statistics

/// Two methods on the same subjects: everything that this library can say of their differences.
type PairedComparison = {
    /// Subjects that both have.
    Subjects: string list
    /// First minus second, subject by subject.
    Differences: float array
    /// Of the first.
    First: Summary
    /// Of the second.
    Second: Summary
    /// The test.
    Test: WilcoxonTest
    /// The shift between both.
    Shift: HodgesLehmann
    /// 95 % interval of the mean difference.
    MeanInterval: Bootstrap
} with

    /// How much smaller the second's mean is, as a part of the first's; negative if it is larger.
    member this.Reduction = 1.0 - this.Second.Mean / this.First.Mean

    /// Compares figures that are paired by position.
    static member Of(rule: ZeroRule, subjects: string list, first: float list, second: float list) =
        let differences = List.map2 (-) first second |> List.toArray

        {
            Subjects = subjects
            Differences = differences
            First = Summary.Of first
            Second = Summary.Of second
            Test = WilcoxonTest.Of(rule, differences)
            Shift = HodgesLehmann.Of(0.95, differences)
            MeanInterval = Bootstrap.OfMean(0.95, 9999, 0UL, differences)
        }
