module Iqt.Program

[<EntryPoint>]
let main _ = 0
