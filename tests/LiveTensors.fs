/// Counting live tensors of the whole process; only for tests that run alone.
module Iqt.Tests.LiveTensors

open System
open TorchSharp

/// The count once what earlier tests abandoned is finalised: else the collector lowers it in the middle of a test. A
/// tensor that the test itself abandons still raises it.
let settled () =
    GC.Collect()
    GC.WaitForPendingFinalizers()
    GC.Collect()
    torch.Tensor.TotalCount
