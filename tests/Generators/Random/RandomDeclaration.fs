/// Random declarations that keep every rule.
module Iqt.Tests.Generators.RandomDeclaration

open FsCheck.FSharp
open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.RandomAttribute
open Iqt.Tests.Generators.RandomConvolution
open Iqt.Tests.Generators.RandomLayers
open Iqt.Tests.Generators.RandomStack

/// What the next segment reads: the attributes that say so, the names, and the tensor that comes in.
let private sources (state: State) =
    gen {
        let above = state.Activations.Head

        let unread =
            state.Activations |> List.filter (fun a -> not (state.Read.Contains a.Name))

        let! first = Gen.elements (above :: above :: unread @ state.Activations)

        let alike =
            state.Activations
            |> List.filter (fun a -> a.Edge = first.Edge && a.Name <> first.Name)

        let! join = Gen.choose (0, 9)

        let! second =
            if alike.IsEmpty then
                Gen.constant first
            else
                Gen.elements alike

        let quoted (name: string) = $"nameof({name})"

        // The input that [Network] declares is no property.
        let name a =
            if a.Name = "Input" then "\"Input\"" else quoted a.Name

        if join < 3 && second.Name <> first.Name && first.Channels + second.Channels <= 24 then
            let joined = {
                first with
                    Channels = first.Channels + second.Channels
            }

            return [ $"Concat({name first}, {name second})" ], [ first.Name; second.Name ], joined
        elif join < 6 && second.Name <> first.Name && second.Channels = first.Channels then
            return [ $"Sum({name first}, {name second})" ], [ first.Name; second.Name ], first
        else
            let! explicit = chance 30

            return
                (if first.Name = above.Name && not explicit then
                     []
                 else
                     [ $"From({name first})" ]),
                [ first.Name ],
                first
    }

let private isRearrangement (text: string) =
    [
        "VoxelShuffle"
        "VoxelUnshuffle"
        "Squeeze"
        "Unsqueeze"
        "Haar"
        "PermuteChannels"
    ]
    |> List.exists (fun start -> text.StartsWith(start, System.StringComparison.Ordinal))

let private nextSegment dimensions (state: State) =
    gen {
        let! reading, read, input = sources state
        let name = state.Names.Head
        let! wantsStack = chance 45
        let isStack = wantsStack && input.Channels % 2 = 0

        let! operations, output, state =
            if isStack then
                stack dimensions input state
                |> Gen.map (fun (text, state) -> [ text ], input, state)
            else
                gen {
                    let shape = {
                        Dimensions = dimensions
                        Channels = input.Channels
                        Edge = input.Edge
                    }

                    let number, declared = numbers state
                    let! count = Gen.choose (1, 4)
                    let! onlyMoves = chance 20
                    let! found, after = chain (if onlyMoves then rearrangement else layer number) count shape

                    // A segment does something, unless it joins.
                    let operations =
                        if found.IsEmpty && reading |> List.forall _.StartsWith("From") then
                            [ "LeakyRelu(0.2)" ]
                        else
                            found

                    return
                        operations,
                        {
                            input with
                                Channels = after.Channels
                                Edge = after.Edge
                        },
                        {
                            state with
                                Hyperparameters = declared ()
                        }
                }

        let! strategy = chance 20

        let! strategies =
            if not strategy || (not isStack && operations |> List.forall isRearrangement) then
                Gen.constant []
            else
                Gen.elements [
                    [ "Backpropagate(SegmentStrategy.Store)" ]
                    [ "Backpropagate(SegmentStrategy.Recompute)" ]
                    (if isStack then
                         [ "Backpropagate(SegmentStrategy.Reverse)" ]
                     else
                         [])
                ]

        let! isOutput = chance 15

        let attributes =
            reading @ strategies @ operations @ (if isOutput then [ "Output" ] else [])

        return {
            state with
                Members = segment name attributes :: state.Members
                Activations =
                    {
                        Name = name
                        Channels = output.Channels
                        Edge = output.Edge
                    }
                    :: state.Activations
                Read =
                    Set.union state.Read (Set.ofList read)
                    |> (if isOutput then Set.add name else id)
                Names = state.Names.Tail
        }
    }

let rec private segments dimensions count (state: State) =
    gen {
        if count = 0 then
            return state
        else
            let! next = nextSegment dimensions state
            return! segments dimensions (count - 1) next
    }

/// Every input is read: a segment for each that no other reads.
let private readInputs (inputs: Activation list) dimensions (state: State) =
    (state, inputs)
    ||> List.fold (fun state input ->
        if state.Read.Contains input.Name then
            state
        else
            let name = state.Names.Head

            let from =
                if input.Name = "Input" then
                    "From(\"Input\")"
                else
                    $"From(nameof({input.Name}))"

            {
                state with
                    Members =
                        segment name [ from; $"Conv{dimensions}d(4, Kernel = 3, Padding = 1)" ]
                        :: state.Members
                    Activations = { input with Name = name; Channels = 4 } :: state.Activations
                    Read = Set.add input.Name state.Read
                    Names = state.Names.Tail
            })

let private elongation dimensions (state: State) =
    gen {
        let even =
            state.Activations
            |> List.filter (fun a ->
                a.Channels % 2 = 0
                && state.Members
                   |> List.exists (fun m -> m.Name = a.Name && not (m.Attributes.Head.StartsWith "Input")))

        let! wanted = chance 30

        if not wanted || even.IsEmpty then
            return None, state
        else
            let! place = Gen.elements even
            let! text, after = stack dimensions place { state with Hyperparameters = [] }
            let! other = chance 50

            let own = [
                for name, value in List.rev after.Hyperparameters do
                    hyperparameter ("Own" + name) value
                segment "Inserted" [ $"After(\"{plain place.Name}\")"; text.Replace("nameof(", "nameof(Own") ]
                if other then
                    segment "Inserted2" [ $"After(\"{plain place.Name}\")"; "LeakyRelu(0.3)" ]
            ]

            return
                Some(classOf "Elongate<Net>(\"net-elongated\")" "Elongated" own),
                {
                    after with
                        Hyperparameters = state.Hyperparameters
                }
    }

/// A declaration that keeps every rule.
let legal =
    gen {
        let! dimensions = Gen.elements [ 2; 3; 3 ]
        let! names = Gen.shuffle memberNames
        let! inputCount = Gen.elements [ 1; 1; 1; 2; 3 ]
        let! named = chance 70
        let! edge = Gen.choose (4, 7)
        let! channels = Gen.elements [ 1; 2; 3; 4; 4; 6 ]

        let inputs = [
            for i in 1..inputCount ->
                {
                    Name = if i = 1 && named then "Input" else $"Image{i}"
                    Channels = if i = 1 then channels else 2
                    Edge = edge
                }
        ]

        let start = {
            Members = [
                for input in List.rev inputs do
                    if input.Name <> "Input" then
                        segment input.Name [ $"Input({input.Channels})" ]
            ]
            Hyperparameters = []
            Functions = []
            Activations = List.rev inputs
            Read = Set.empty
            Names = List.ofArray names
        }

        let! stemmed = chance 80

        let begun =
            if stemmed then
                readInputs inputs dimensions start
            else
                start

        let! count = Gen.choose (1, 6)
        let! grown = segments dimensions count begun
        let finished = readInputs inputs dimensions grown

        // What nobody reads is an output; the last segment is one anyway.
        let outputs =
            finished.Members
            |> List.mapi (fun i m ->
                if
                    i > 0
                    && not (finished.Read.Contains m.Name)
                    && not (List.contains "Output" m.Attributes)
                then
                    {
                        m with
                            Attributes = m.Attributes @ [ "Output" ]
                    }
                else
                    m)

        let! elongated, complete = elongation dimensions { finished with Members = outputs }

        let settings = [
            if named then
                $"InputChannels = {channels}"
            if dimensions = 2 then
                "Dimensions = 2"
        ]

        let marker = String.concat ", " ("\"net\"" :: settings) |> sprintf "Network(%s)"

        let hyperparameters = [
            for name, value in List.rev complete.Hyperparameters -> hyperparameter name value
        ]

        return {
            Dimensions = dimensions
            Functions = [ for c, _, _ in List.rev complete.Functions -> c ]
            Network = classOf marker "Net" (hyperparameters @ List.rev complete.Members)
            Elongated = elongated
            Edges = Map [ for input in inputs -> plain input.Name, edge ]
            Last = complete.Activations.Head
        }
    }
