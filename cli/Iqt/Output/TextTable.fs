/// Tables as aligned plain text, which both people and <c>awk</c> can read.
module Iqt.Cli.TextTable

open System.Globalization
open System.IO

/// How a column's cells are aligned.
type Alignment =
    | Left
    | Right

/// A number with some digits behind the point, as a cell.
let fixedPoint (digits: int) (value: float) =
    value.ToString($"F{digits}", CultureInfo.InvariantCulture)

/// Writes a header, a rule and the rows; columns stand two spaces apart.
let write (columns: (string * Alignment) list) (rows: string list list) (writer: TextWriter) =
    let headers = List.map fst columns

    let widths =
        headers
        |> List.mapi (fun i header -> List.max (header.Length :: (rows |> List.map (fun row -> row[i].Length))))

    let line (cells: string list) =
        let aligned =
            List.zip3 cells widths columns
            |> List.map (fun (cell, width, (_, alignment)) ->
                match alignment with
                | Left -> cell.PadRight width
                | Right -> cell.PadLeft width)

        writer.WriteLine((String.concat "  " aligned).TrimEnd())

    line headers
    writer.WriteLine(String.replicate (List.sum widths + 2 * (widths.Length - 1)) "─")
    List.iter line rows
