/// Errors of several methods as a table: mean ± standard deviation over subjects.
module Iqt.Cli.ErrorTable

open System.IO
open Iqt.Experiments.Methods
open Iqt.Training

/// Column heads of a subject's figures.
let headers = [ for figure in Figures.all -> figure.Heading ]

/// A subject's figures as text. Of a small brain no voxel is interior: no figure rather than NaN.
let cells (error: SubjectError) = [
    for figure in Figures.all do
        let value = figure.Of error

        if System.Double.IsNaN value then
            "–"
        else
            TextTable.fixedPoint figure.Digits value
]

// One subject has no deviation, and its name says more than the number one.
let private over (subjects: SubjectError list) =
    match subjects with
    | [ one ] -> $"brain voxels of {one.Subject}"
    | several -> $"brain voxels; mean ± standard deviation over {several.Length} subjects"

/// Writes the table, the units above it.
let write (methods: MethodErrors list) (writer: TextWriter) =
    writer.WriteLine $"{Figures.legend}; {over methods.Head.Errors}"

    TextTable.write
        (("method", TextTable.Left) :: [ for name in headers -> name, TextTable.Right ])
        [
            for method in methods ->
                method.Method
                :: [ for figure in Figures.all -> (method.Over figure.Of).Format figure.Digits ]
        ]
        writer
