/// Errors of several methods as a table: mean ± standard deviation over subjects.
module Iqt.Cli.ErrorTable

open System.IO
open Iqt.Experiments
open Iqt.Experiments.Statistics
open Iqt.Training

/// Column heads of a subject's figures.
let headers = [ "interior"; "exterior"; "total"; "MD"; "FA"; "PSNR"; "SSIM" ]

let private formats: (float -> string) list = [
    (fun v -> $"%.2f{v}")
    (fun v -> $"%.2f{v}")
    (fun v -> $"%.2f{v}")
    (fun v -> $"%.2f{v}")
    (fun v -> $"%.4f{v}")
    (fun v -> $"%.2f{v}")
    (fun v -> $"%.4f{v}")
]

// Of a small brain no voxel is interior: no figure rather than NaN.
let private text (format: float -> string) (value: float) =
    if System.Double.IsNaN value then "–" else format value

/// A subject's figures as text.
let cells (error: SubjectError) =
    List.map2 (fun (_, figure) (format: float -> string) -> text format (figure error)) Figures.all formats

let private summary (method: MethodErrors) figure (format: float -> string) =
    let found: Summary = method.Over figure

    if System.Double.IsNaN found.Deviation then
        text format found.Mean
    else
        $"{format found.Mean} ± {format found.Deviation}"

/// Writes the table, the units above it.
let write (methods: MethodErrors list) (writer: TextWriter) =
    writer.WriteLine
        $"RMSE of the six elements and of MD in 1e-5 mm²/s, of FA; PSNR in dB (peak 3e-3 mm²/s), SSIM of MD; brain voxels; mean ± standard deviation over {methods.Head.Errors.Length} subjects"

    TextTable.write
        (("method", TextTable.Left) :: [ for name in headers -> name, TextTable.Right ])
        [
            for method in methods ->
                method.Method
                :: List.map2 (fun (_, figure) format -> summary method figure format) Figures.all formats
        ]
        writer
