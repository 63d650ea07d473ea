module Iqt.Tests.Program

open Expecto

[<EntryPoint>]
let main arguments =
    Iqt.Reversible.Natives.TorchNatives.EnsureLoaded ()
    runTestsInAssemblyWithCLIArgs [] arguments
