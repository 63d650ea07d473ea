/// RMSE of several methods as a table: mean ± standard deviation over subjects.
module Iqt.Cli.ErrorTable

open System.IO
open Iqt.Experiments

/// Writes the table, the unit above it.
let write (methods: MethodErrors list) (writer: TextWriter) =
    writer.WriteLine $"RMSE in 1e-5 mm²/s, mean ± standard deviation over {methods.Head.Errors.Length} subjects"

    TextTable.write
        [
            "method", TextTable.Left
            "interior", TextTable.Right
            "exterior", TextTable.Right
            "total", TextTable.Right
        ]
        (methods
         |> List.map (fun method -> [
             method.Method
             (method.Over _.Interior).Text
             (method.Over _.Exterior).Text
             (method.Over _.Total).Text
         ]))
        writer
