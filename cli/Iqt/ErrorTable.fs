/// Errors of several methods as a table: mean ± standard deviation over subjects.
module Iqt.Cli.ErrorTable

open System.IO
open Iqt.Experiments
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

/// Writes the table, the units above it.
let write (methods: MethodErrors list) (writer: TextWriter) =
    writer.WriteLine
        $"RMSE of the six elements and of MD in 1e-5 mm²/s, of FA; PSNR in dB (peak 3e-3 mm²/s), SSIM of MD; brain voxels; mean ± standard deviation over {methods.Head.Errors.Length} subjects"

    TextTable.write
        (("method", TextTable.Left) :: [ for name in headers -> name, TextTable.Right ])
        [
            for method in methods ->
                method.Method
                :: [ for figure in Figures.all -> (method.Over figure.Of).Format figure.Digits ]
        ]
        writer
