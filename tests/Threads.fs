/// libtorch's number of threads, which is the process's; only for tests that run alone.
module Iqt.Tests.Threads

open System
open TorchSharp

/// Sets the number until the result is disposed.
let exactly count =
    let before = torch.get_num_threads ()
    torch.set_num_threads count

    { new IDisposable with
        member _.Dispose() = torch.set_num_threads before
    }
