module Iqt.Tests.Reversible.NativesTests

open Expecto
open TorchSharp

[<Tests>]
let tests =
    testList "natives" [
        test "libtorch loads and computes" {
            use a = torch.ones (2L, 3L)
            use sum = a.sum ()
            Expect.equal (sum.item<float32> ()) 6.0f "the sum of six ones"
        }
    ]
