/// A network as a Mermaid flow chart.
module Iqt.Cli.Description.FlowChart

open System.IO
open Iqt.Cli.Description.NetworkDescription
open Iqt.Reversible

let write (network: Network) (sizes: NetworkSizes) (steps: Step list) (writer: TextWriter) =
    writer.WriteLine "flowchart TD"

    for input in network.Inputs do
        let size = shape network input.Channels sizes[input.Name]
        writer.WriteLine $"    {input.Name}([\"{network.NetworkName}: {input.Name} {size}\"])"

    for step in steps do
        let label = $"\"{step.Segment.Name}<br/>{step.Segment.Operations}\""

        let node =
            match step.Segment.Kind with
            | SegmentKind.Stack -> $"[[{label}]]"
            | SegmentKind.Rearrangement -> $"[/{label}/]"
            | _ -> $"[{label}]"

        writer.WriteLine $"    {step.Segment.Name}{node}"

    let channels =
        Map [
            for input in network.Inputs do
                input.Name, input.Channels
            for step in steps do
                step.Segment.Name, step.Segment.OutputChannels
        ]

    for step in steps do
        // Several sources meet in a small circle that says how.
        let joined =
            match step.Segment.Junction with
            | Junction.None -> step.Segment.Name
            | junction ->
                let name = step.Segment.Name + "Join"
                let sign = if junction = Junction.Sum then "+" else "concat"
                writer.WriteLine $"    {name}(({sign}))"
                writer.WriteLine $"    {name} --> {step.Segment.Name}"
                name

        for source in step.Segment.Sources do
            writer.WriteLine $"    {source} -->|{shape network channels[source] sizes[source]}| {joined}"

    for step in steps |> List.filter (fun step -> step.Segment.IsOutput) do
        let name = step.Segment.Name
        writer.WriteLine $"    {name} --> {name}Result([\"{shape network step.Segment.OutputChannels step.Output}\"])"
