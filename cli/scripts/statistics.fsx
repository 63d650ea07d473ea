// Every network of a finished study against its first one, subject by subject: Wilcoxon's signed-rank test with
// Holm's adjustment over the table, Hodges–Lehmann difference, bootstrap interval (docs/statistics.md).
//     iqt experiment run cli/scripts/statistics.fsx --out studies/fig4-small
//     dotnet fsi cli/scripts/statistics.fsx --out studies/fig4-small
#I "../Iqt/bin/Release/net10.0"
#r "TorchSharp.dll"
#r "Argu.dll"
#r "Iqt.Reversible.dll"
#r "Iqt.Diffusion.dll"
#r "Iqt.Training.dll"
#r "Iqt.Experiments.dll"

open Iqt.Experiments
open Iqt.Experiments.Studies

let compare (folder: StudyFolder) =
    printfn "%s against %s, RMSE in 1e-5 mm²/s" folder.Study.Title folder.Study.Networks.Head.Label

    printfn
        "subjects\tnetwork\terror\tn\tW\texact p\tHolm\tapprox. p\tr\tdifference\tits confidence\t95 %% of mean difference"

    for test in StudyResults.tests folder do
        let c = test.Comparison

        printfn
            "%d\t%s\t%s\t%d\t%g\t%.4g\t%.4g\t%.4g\t%.2f\t%.3f [%.3f, %.3f]\t%.3f\t%.3f to %.3f"
            test.Size
            test.Label
            test.Figure
            c.Test.Effective
            c.Test.W
            c.Test.Exact
            test.Holm
            c.Test.Approximate
            c.Test.RankBiserial
            c.Shift.Estimate
            c.Shift.Lower
            c.Shift.Upper
            c.Shift.Confidence
            c.MeanInterval.Lower
            c.MeanInterval.Upper

exit (Script.over compare fsi.CommandLineArgs)
