/// Start values of parameters.
module Iqt.Tests.Reversible.InitializationTests

open Expecto
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
