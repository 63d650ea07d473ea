/// Start values of parameters.
module Iqt.Tests.Reversible.InitializationTests

open Expecto
open TorchSharp
open Iqt.Models
open Iqt.Reversible
open Iqt.Tests.Networks
open Iqt.Tests.Reversible.NetworkStep
open Iqt.Tests.Reversible.OptimizerPairs

[<Tests>]
let tests =
    // Building networks draws from the global generator, on which other tests' modules rely.
    testSequenced
    <| testList "reversible/initialization" [
        test "a fresh network's normalisation scales by one and shifts by nothing" {
            for _ in 1..20 do
                // nn.GroupNorm takes its parameters from memory as it was: some that was used.
                torch.full([| 1000L |], 7.0.ToScalar(), dtype = torch.float32).Dispose()
                use network = GraphNetwork.Declaration.Create(settings [])

                for layer in network.modules () do
                    match layer with
                    | :? TorchSharp.Modules.GroupNorm as norm ->
                        Expect.isTrue (norm.weight.eq(1.0.ToScalar()).all().item<bool> ()) "scale"
                        Expect.isTrue ((nonNull norm.bias).eq(0.0.ToScalar()).all().item<bool> ()) "shift"
                    | _ -> ()
        }

        for name, declaration in
            [
                "group normalisation and learned slopes", GraphNetwork.Declaration
                "instance normalisation", VNet.Declaration
                "batch normalisation", EspcnRn.Declaration
            ] do
            for scheme in [ InitializationScheme.He; InitializationScheme.Identity ] do
                test $"{name}, {scheme}: a seed gives the same parameters, whatever they were before" {
                    use fresh = (declaration: NetworkDeclaration).Create(settings [])
                    use trained = declaration.Create(settings [])
                    Initializer.Randomize(trained, 5UL)
                    Initializer.Apply(fresh, scheme, 3UL)
                    Initializer.Apply(trained, scheme, 3UL)
                    Expect.equal (weights trained) (weights fresh) "parameters"
                }
    ]
