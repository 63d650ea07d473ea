/// The report's answer: errors of every setting, and whether they differ from the first network's.
module Iqt.Experiments.Reports.ErrorSection

open Iqt.Experiments.Methods
open Iqt.Experiments.Studies
open Iqt.Experiments.Reports.ComparisonText

let private evaluations (folder: StudyFolder) = [
    for size, _ in folder.Study.Sizes do
        let baselines: EvaluationResult option =
            StudyResults.tryRead folder (EvaluateBaselines size)

        match baselines with
        | Some result ->
            for method in result.Methods do
                size, method.Method, method
        | None -> ()

        for network in folder.Study.Networks do
            match StudyResults.evaluation folder network.Label size with
            | Some result -> size, network.Label, result.Methods.Head
            | None -> ()
]

// * and † after a figure that is lower than the first network's.
let private mark (tests: StudyTest list) size label figure =
    let lower =
        tests
        |> List.tryFind (fun test ->
            test.Size = size
            && test.Label = label
            && test.Figure = figure
            && test.Comparison.Shift.Estimate > 0.0)

    match lower with
    | Some test ->
        (if test.Comparison.Test.Exact < 0.05 then " *" else "")
        + (if test.Holm < 0.05 then " †" else "")
    | None -> ""

/// What learns nothing has the same errors whatever the number of subjects: one row is enough.
let private once (all: (int * string * MethodErrors) list) =
    let same method =
        match all |> List.filter (fun (_, m, _) -> m = method) with
        | (_, _, first) :: rest -> not rest.IsEmpty && rest |> List.forall (fun (_, _, other) -> other = first)
        | [] -> false

    let fixed', learnt = all |> List.partition (fun (_, method, _) -> same method)

    [
        for size, method, errors in List.distinctBy (fun (_, method, _) -> method) fixed' do
            size, "", method, errors
        for size, method, errors in learnt do
            size, string size, method, errors
    ]

let private errorTable (folder: StudyFolder) tests =
    let all = evaluations folder

    let rows = [
        for size, subjects, method, errors in once all do
            let best =
                all
                |> List.filter (fun (s, _, _) -> s = size)
                |> List.minBy (fun (_, _, m) -> (m.Over _.Total).Mean)
                |> fun (_, m, _) -> m

            best = method,
            [
                method
                subjects
                for figure in Figures.all do
                    (errors.Over figure.Of).Format figure.Digits
                    + mark tests size method figure.Name
            ]
    ]

    Page.table ("method" :: "subjects" :: [ for figure in Figures.all -> figure.Heading ]) rows

let private testTable (tests: StudyTest list) =
    Page.table [
        "network"
        "subjects"
        "error"
        "change"
        "W"
        "exact p"
        "Holm"
        "approx. p"
        "corrected"
        "rank-biserial"
        "difference (95 %)"
    ] [
        for test in tests do
            let comparison = test.Comparison

            false,
            [
                test.Label
                string test.Size
                test.Figure
                change comparison
                number comparison.Test.W
                p comparison.Test.Exact
                p test.Holm
                p comparison.Test.Approximate
                p comparison.Test.Corrected
                signed comparison.Test.RankBiserial
                interval comparison.Shift
            ]
    ]

let private verdict (folder: StudyFolder) (tests: StudyTest list) =
    [
        for size, _ in folder.Study.Sizes do
            for network in List.skip 1 folder.Study.Networks do
                let found =
                    tests
                    |> List.filter (fun test -> test.Size = size && test.Label = network.Label)
                    |> List.map (fun test -> test.Figure, test.Comparison)

                if not found.IsEmpty then
                    let better = found |> List.filter (fun (_, c) -> c.Reduction > 0.0)

                    let detail =
                        found
                        |> List.map (fun (figure, c) ->
                            $"{figure} {change c} (W = {number c.Test.W}, {exactP c.Test.Exact})")
                        |> String.concat ", "

                    let word =
                        if better.Length = found.Length then "has lower errors than"
                        elif better.IsEmpty then "has no lower error than"
                        else "has partly lower errors than"

                    $"<li><b>{Page.text network.Label}</b>, {size} subjects, {word} {Page.text folder.Study.Networks.Head.Label}: {Page.text detail}</li>"
    ]
    |> fun lines ->
        if lines.IsEmpty then
            ""
        else
            "<ul>" + String.concat "" lines + "</ul>"

// Why there is no test of some interiors.
let private leftOut (folder: StudyFolder) =
    match StudyResults.otherRegions folder with
    | [] -> ""
    | others ->
        let names =
            others
            |> List.map (fun (label, size) -> $"{label} ({size} subjects)")
            |> String.concat ", "

        $"<p class=\"note\">{Page.text names}: interior and exterior are not tested, nor are their figures to be compared. The patch is of another size than {Page.text folder.Study.Networks.Head.Label}'s, and so other voxels are interior (docs/protocol.md). Total, covered and what is taken over the whole brain are of the same voxels.</p>"

/// The section; None before anything was evaluated.
let html (folder: StudyFolder) : string option =
    if (evaluations folder).IsEmpty then
        None
    else
        let tests = StudyResults.tests folder
        let reference = folder.Study.Networks.Head.Label

        Some(
            String.concat "\n" [
                "<h2>Errors on unseen subjects</h2>"
                verdict folder tests
                $"<p class=\"note\">Mean ± standard deviation over {folder.Study.TestSubjects} test subjects that no training saw. RMSE of the six tensor elements (interior, exterior, total; covered: without the voxels at the brain's edge whose low-resolution voxel is not kept) and of MD in 10<sup>−5</sup> mm²/s, of FA without unit; PSNR of the elements in dB with a peak of 3·10<sup>−3</sup> mm²/s; SSIM of MD with that range; brain voxels. Of {folder.Study.Seeds} seeds the best by validation was evaluated. Bold: least total error for that number of subjects. * lower than {Page.text reference} with exact p &lt; 0.05; † still so after Holm's adjustment over the table of tests.</p>"
                errorTable folder tests
                leftOut folder
                ErrorCharts.html folder
                if not tests.IsEmpty then
                    $"<h3>Tests against {Page.text reference}</h3>"
                    "<p class=\"note\">Wilcoxon's signed-rank test, two-sided, paired by test subject. The paper's p is the normal approximation without correction (W = 0 of 8 pairs: 0.0117; exact 0.0078). Difference: Hodges–Lehmann estimate with its interval, positive where the network is better; 5 or fewer subjects allow no interval of 95 %, and what it covers then stands behind it.</p>"
                    testTable tests
            ]
        )
