module Iqt.Tests.Reversible.NativesTests

open Expecto
open TorchSharp
open Iqt.Reversible.Natives

[<Tests>]
let tests =
    testList "reversible/natives" [
        test "libtorch loads and computes" {
            TorchNatives.EnsureLoaded()
            use a = torch.arange (6L, dtype = torch.float32)
            use square = a.reshape (2L, 3L)
            use product = torch.mm (square, square.t ())
            Expect.equal (product.data<float32>().ToArray()) [| 5.0f; 14.0f; 14.0f; 50.0f |] "A·Aᵀ of 0…5"
        }
    ]
