/// Errors of several methods as a table: mean ± standard deviation over subjects.
module Iqt.Cli.ErrorTable

open System.IO
open Iqt.Experiments
open Iqt.Training

// One subject has no deviation, and its name says more than the number one.
let private over (subjects: SubjectError list) =
    match subjects with
    | [ one ] -> $"brain voxels of {one.Subject}"
    | several -> $"brain voxels; mean ± standard deviation over {several.Length} subjects"

/// Writes the table, the units above it.
let write (methods: MethodErrors list) (writer: TextWriter) =
    writer.WriteLine $"{Figures.legend}; {over methods.Head.Errors}"

    TextTable.write
        (("method", TextTable.Left)
         :: [ for name in Figures.headers -> name, TextTable.Right ])
        [ for method in methods -> method.Method :: Figures.summaries method ]
        writer
