/// Memory and time of training steps: the paper's Fig. 6.
module Iqt.Experiments.Reports.MemorySection

open Iqt.Experiments.Studies

// The paper's epoch: 8 subjects of 2250 patches, four fifths for training, 12 a step.
let private stepsAnEpoch = 8 * 2250 * 4 / 5 / 12

/// The section; None where nothing was measured.
let html (folder: StudyFolder) : string option =
    let measured: MeasurementResult list = [
        match folder.Study.Measurement with
        | Some measurement ->
            for label, mode in measurement.Steps do
                match StudyResults.tryRead folder (Measure(label, mode)) with
                | Some result -> result
                | None -> ()
        | None -> ()
    ]

    if measured.IsEmpty then
        None
    else
        let rows = [
            for result in measured do
                false,
                [
                    result.Label
                    result.Mode
                    string result.Parameters
                    $"%.1f{result.StepMegabytes}"
                    $"%.0f{result.ProcessMegabytes}"
                    $"%.3f{result.StepSeconds}"
                    $"%.0f{result.StepSeconds * float stepsAnEpoch}"
                ]
        ]

        let paper = [
            for model, memory, seconds in PaperFigures.fig6 -> false, [ model; string memory; string seconds ]
        ]

        Some(
            String.concat "\n" [
                "<h2>Memory and time of training</h2>"
                $"<p class=\"note\">A step on 12 patches of 6×11³ in float32 with backward pass and Adam, {measured.Head.Threads} threads. Step: peak of tensors above weights and optimiser state; process: peak of everything, runtime and libtorch included. An epoch is {stepsAnEpoch} steps (8 subjects), computed from the median step.</p>"
                Page.table
                    [
                        "network"
                        "mode"
                        "parameters"
                        "step, MB"
                        "process, MB"
                        "step, s"
                        "epoch, s"
                    ]
                    rows
                "<h3>The paper (Fig. 6, one GPU)</h3>"
                Page.table [ "model"; "memory, MB"; "epoch, s" ] paper
            ]
        )
