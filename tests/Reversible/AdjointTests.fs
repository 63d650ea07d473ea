/// Written-out adjoints against autograd of the same layers, in float64.
module Iqt.Tests.Reversible.AdjointTests

open System
open Expecto
open TorchSharp

open Iqt.Reversible
open Iqt.Reversible.Adjoints
open Iqt.Tests

let private normal (seed: int64) (shape: int64 list) =
    torch.random.manual_seed seed |> ignore
    torch.randn (List.toArray shape, dtype = torch.float64)

let private error (own: torch.Tensor) (expected: torch.Tensor) =
    Expect.equal own.shape expected.shape "shape"
    let size (t: torch.Tensor) = t.norm().item<float> ()
    size (own.sub expected) / max 1e-300 (size expected)

let private agrees what (own: torch.Tensor) expected =
    Expect.isLessThan (error own expected) 1e-12 what

let private gradientsOf (layer: torch.nn.Module) = [ for p in layer.parameters () -> (nonNull p.grad).clone () ]

let private laidOut (last: bool) (x: torch.Tensor) =
    if last then
        MemoryLayout.ToChannelsLast x
    else
        x.contiguous ()

/// ∂L/∂input and the parameters' gradients by autograd, for L = sum of gradient·output.
let private byAutograd
    (layer: torch.nn.Module)
    (run: torch.Tensor -> torch.Tensor)
    (x: torch.Tensor)
    (dy: torch.Tensor)
    =
    layer.zero_grad ()
    let leaf = x.detach().clone().requires_grad_ true
    let y = run leaf
    torch.autograd.backward ([| y |], [| dy |])
    let gradients = gradientsOf layer

    for p in layer.parameters () do
        p.grad <- null

    y.detach (), nonNull leaf.grad, gradients

let private randomize (layer: torch.nn.Module) =
    use _ = torch.no_grad ()

    for p in layer.parameters () do
        p.add_ (torch.randn_like(p).mul (torch.tensor 0.3)) |> ignore

type private Slope =
    | NoActivation
    | Slope of float

let private activation slope (x: torch.Tensor) =
    match slope with
    | NoActivation -> x
    | Slope 0.0 -> torch.nn.functional.relu x
    | Slope s -> torch.nn.functional.leaky_relu (x, s)

let private norms = [
    for training in [ true; false ] do
        for last in [ false; true ] do
            for slope in [ NoActivation; Slope 0.0; Slope 0.1 ] do
                // An odd number of elements: the kernels' last tile has a rest behind its last vector.
                for shape in [ [ 2L; 3L; 4L; 5L; 6L ]; [ 3L; 20L; 4L; 5L; 3L ]; [ 3L; 5L; 3L; 3L; 3L ] ] do
                    test $"batch norm, training {training}, channels last {last}, {slope}, {shape}" {
                        use _ = torch.NewDisposeScope()
                        let layer = torch.nn.BatchNorm3d(shape[1], dtype = torch.float64)
                        randomize layer
                        layer.train training
                        // far from zero, where a mean of squares minus a squared mean would lose six digits
                        let x = laidOut last ((normal 1L shape).add (torch.tensor 1000.0))
                        let dy = normal 2L shape
                        let state = [ for b in layer.buffers () -> b.clone () ]
                        let y, dx, gradients = byAutograd layer (layer.call >> activation slope) x dy
                        let after = [ for b in layer.buffers () -> b.clone () ]

                        for b, before in Seq.zip (layer.buffers ()) state do
                            b.copy_ before |> ignore

                        use _ = torch.no_grad ()

                        let own =
                            NormalizedActivation(
                                layer,
                                match slope with
                                | NoActivation -> Nullable()
                                | Slope s -> Nullable s
                            )

                        use tape = new Tape(true, StepOptions.Default)
                        let output = own.Forward(x, tape)
                        tape.BeginRepeat()
                        let again = own.Forward(x, tape)
                        let input = own.Backward(x, again, laidOut last dy, tape)
                        Expect.isLessThan (error output y) 1e-11 "output"
                        Expect.equal (error again output) 0.0 "a repeated run gives the same numbers"
                        Expect.isLessThan (error (nonNull input) dx) 1e-9 "gradient of the input"

                        for own, expected in Seq.zip (gradientsOf layer) gradients do
                            Expect.isLessThan (error own expected) 1e-9 "gradient of a parameter"

                        for own, expected in Seq.zip (layer.buffers ()) after do
                            agrees "running statistics" (own.to_type torch.float64) (expected.to_type torch.float64)
                    }
]

/// Numbers far from zero beside their spread, where Σ dy·x − mean·Σ dy cancels, and many, where a running sum loses digits.
/// libtorch, which adds up in float64, is the yardstick; beside it the rounding of a mean of 30 twice, 2·30·2⁻²⁴ deviations.
let private singlePrecision = [
    for last in [ false; true ] do
        test $"batch norm in float32 is as exact as libtorch's, channels last {last}" {
            use _ = torch.NewDisposeScope()
            let shape = [ 12L; 20L; 9L; 9L; 9L ]
            let x = (normal 1L shape).add(torch.tensor 30.0).to_type torch.float32
            let dy = (normal 2L shape).to_type torch.float32

            let layer (dtype: torch.ScalarType) =
                let layer = torch.nn.BatchNorm3d(shape[1], dtype = dtype)
                use _ = torch.no_grad ()
                layer.weight.copy_ ((normal 3L [ shape[1] ]).mul (torch.tensor 0.3)) |> ignore
                layer

            let exact = layer torch.float64

            let y, dx, gradients =
                byAutograd exact exact.call (x.to_type torch.float64) (dy.to_type torch.float64)

            let single = layer torch.float32
            let expectedY, expectedDx, expectedGradients = byAutograd single single.call x dy
            use _ = torch.no_grad ()
            let own = NormalizedActivation(single, Nullable())
            use tape = new Tape(true, StepOptions.Default)
            let laid = laidOut last x
            let output = own.Forward(laid, tape)
            let input = nonNull (own.Backward(laid, output, laidOut last dy, tape))

            for what, own, libtorch, exact in
                [
                    "output", output, expectedY, y
                    "gradient of the input", input, expectedDx, dx
                    for own, libtorch, exact in List.zip3 (gradientsOf single) expectedGradients gradients do
                        "gradient of a parameter", own, libtorch, exact
                ] do
                let error (t: torch.Tensor) = error (t.to_type torch.float64) exact
                Expect.isLessThanOrEqual (error own) (max (60.0 * 2.0 ** -24.0) (2.0 * error libtorch)) what
        }
]

let private convolution
    name
    (layer: Modules.Convolution)
    (adjoint: Modules.Convolution -> ConvolutionAdjoint)
    (shape: int64 list)
    =
    [
        for last, gradientLast in List.allPairs [ false; true ] [ false; true ] ->
            test $"{name}, channels last {last}, of the gradient {gradientLast}" {
                use _ = torch.NewDisposeScope()
                let x = laidOut last (normal 3L shape)
                let y = layer.call x
                let dy = normal 4L (List.ofArray y.shape)
                let expected, dx, gradients = byAutograd layer layer.call x dy
                use _ = torch.no_grad ()
                let own = adjoint layer
                use tape = new Tape(true, StepOptions.Default)
                agrees "output" (own.Forward(x, tape)) expected
                agrees "gradient of the input" (nonNull (own.Backward(x, laidOut gradientLast dy, tape))) dx

                for own, expected in Seq.zip (gradientsOf layer) gradients do
                    agrees "gradient of a parameter" own expected

                Expect.isNull (own.Backward(x, laidOut last dy, tape, false)) "an input gradient that nobody wants"

                for own, expected in Seq.zip (gradientsOf layer) gradients do
                    agrees "a second pass adds" own (expected.mul (torch.tensor 2.0))
            }
    ]

let private f64 = torch.float64

let private convolutions =
    List.concat [
        convolution
            "3D, kernel 3, padding 1"
            (torch.nn.Conv3d(4, 5, 3L, padding = 1L, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 3, 3L, padding = 1L))
            [ 2L; 4L; 5L; 4L; 6L ]
        convolution
            "3D, kernel 1"
            (torch.nn.Conv3d(18, 17, 1L, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 3, 1L))
            [ 2L; 18L; 3L; 4L; 5L ]
        convolution
            "3D, stride 2, dilation 2, no bias"
            (torch.nn.Conv3d(4, 6, 3L, 2L, 1L, 2L, bias = false, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 3, 3L, 2L, 1L, 2L))
            [ 2L; 4L; 8L; 7L; 9L ]
        convolution
            "3D, groups"
            (torch.nn.Conv3d(4, 6, 3L, groups = 2L, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 3, 3L, groups = 2L))
            [ 2L; 4L; 5L; 5L; 5L ]
        convolution
            "2D, kernel 5"
            (torch.nn.Conv2d(3, 4, 5L, padding = 2L, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 2, 5L, padding = 2L))
            [ 2L; 3L; 7L; 8L ]
        convolution
            "3D transposed, stride 2"
            (torch.nn.ConvTranspose3d(4, 3, 2L, stride = 2L, dtype = f64))
            (fun layer -> ConvolutionAdjoint(layer, 3, 2L, stride = 2L, transposed = true))
            [ 2L; 4L; 3L; 4L; 3L ]
    ]

[<Tests>]
let tests =
    testSequenced
    <| testList "reversible/adjoints" [
        yield! norms
        yield! singlePrecision
        yield! convolutions

        for fault, operation in
            [
                "returned its input", id
                "in-place operation", (fun (input: torch.Tensor) -> input.tanh_ ())
            ] do
            test $"an operation that ends in '{fault}' is refused by the name of its layer" {
                use x = torch.ones [| 1L; 2L; 3L |]
                use tape = new Tape(true, StepOptions.Default)

                let backward () =
                    OperationAdjoint.Backward(
                        (fun input _ -> operation input),
                        x,
                        x,
                        tape,
                        true,
                        "(z, execution) => _layer1Own.call(z)"
                    )
                    |> ignore

                let e = Expect.throwsC backward id
                Expect.stringStarts e.Message "_layer1Own.call(z): " "which layer, as the generated code writes it"
                Expect.stringContains e.Message fault "what"
                Expect.stringContains e.Message "new tensor" "remedy"
            }

        test "what a tape did not keep is refused" {
            use tape = new Tape(false, StepOptions.Default)
            let key = obj ()
            use x = torch.ones [| 2L |]
            tape.Keep(key, x)
            Expect.throwsT<InvalidOperationException> (fun () -> tape.Take key |> ignore) "nothing kept"
        }
    ]

[<Tests>]
let threads =
    // The number of threads is the whole process's.
    testSequenced
    <| testList "reversible/adjoints, threads" [
        test "batch norm gives the same bits on one thread and on eight" {
            let shape = [ 12L; 20L; 9L; 9L; 9L ]

            let run () =
                use _ = torch.NewDisposeScope()
                use _ = torch.no_grad ()
                let layer = torch.nn.BatchNorm3d(shape[1])
                let x = laidOut true ((normal 1L shape).to_type torch.float32)
                let dy = laidOut true ((normal 2L shape).to_type torch.float32)
                let own = NormalizedActivation layer
                use tape = new Tape(true, StepOptions.Default)
                let y = own.Forward(x, tape)
                let dx = nonNull (own.Backward(x, y, dy, tape))

                [
                    for t in y :: dx :: gradientsOf layer do
                        t.to_type(torch.float64).cpu().contiguous().flatten().data<double>().ToArray()
                ]

            let runWith threads =
                use _ = Threads.exactly threads
                run ()

            Expect.equal (runWith 8) (runWith 1) "output and gradients"
        }
    ]
