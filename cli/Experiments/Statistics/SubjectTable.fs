namespace Iqt.Experiments.Statistics

open System
open System.Globalization
open System.IO
open Iqt.Diffusion

/// Figures of subjects: a CSV file with a column <c>subject</c> and columns of numbers. Columns of text are left out.
type SubjectTable = {
    /// Where it was read from, for messages.
    Source: string
    /// Subjects in the file's order.
    Subjects: string list
    /// Figures by column, in the file's order; NaN where a cell is empty.
    Columns: (string * float list) list
} with

    /// Reads a table; fields are separated by commas, semicolons or tabs.
    /// Throws DataException if the file is missing, has no subjects, or names one twice.
    static member Read(path: string) =
        let refuse what = raise (DataException $"{path}: {what}")

        if not (File.Exists path) then
            refuse "there is no such file, a table of figures by subject was expected. Check the path."

        let lines =
            File.ReadAllLines path
            |> Array.mapi (fun i line -> i + 1, line)
            |> Array.filter (snd >> String.IsNullOrWhiteSpace >> not)

        if lines.Length = 0 then
            refuse "is empty, a table with a column 'subject' was expected. Check the path."

        let separator =
            [ '\t'; ';'; ',' ]
            |> List.tryFind (snd lines[0]).Contains
            |> Option.defaultValue ','

        let cells (line: string) =
            line.Split separator |> Array.map (fun cell -> cell.Trim().Trim '"')

        let header = cells (snd lines[0])

        let subject =
            match
                Array.tryFindIndex
                    (fun name -> String.Equals(name, "subject", StringComparison.OrdinalIgnoreCase))
                    header
            with
            | Some index -> index
            | None ->
                let found = String.concat ", " header
                refuse $"the columns are {found}; one called 'subject' was expected. Add it."

        let rows =
            lines[1..]
            |> Array.map (fun (number, line) ->
                let row = cells line

                if row.Length <> header.Length then
                    refuse
                        $"line {number} has {row.Length} fields, {header.Length} were expected as in the first line. Correct it."

                row)

        if rows.Length = 0 then
            refuse "has no subjects, at least one was expected. Check the file."

        match
            rows
            |> Array.countBy (Array.item subject)
            |> Array.tryFind (fun (_, count) -> count > 1)
        with
        | Some(twice, count) ->
            refuse $"subject {twice} is there {count} times, once was expected. Leave one method's rows in the file."
        | None -> ()

        let number (text: string) =
            if text = "" then
                Some nan
            else
                match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
                | true, value -> Some value
                | _ -> None

        {
            Source = path
            Subjects = [ for row in rows -> row[subject] ]
            Columns = [
                for i, name in Array.indexed header do
                    let values = rows |> Array.map (fun row -> number row[i])

                    if i <> subject && Array.forall Option.isSome values then
                        name, [ for value in values -> Option.get value ]
            ]
        }

    /// The figures of a column of both tables, paired by subject. Throws DataException if a subject or a figure is
    /// missing on one side: a test of other pairs than those asked for would mislead.
    static member Pair(column: string, first: SubjectTable, second: SubjectTable) =
        let missing (from: SubjectTable) (other: SubjectTable) =
            match
                other.Subjects
                |> List.tryFind (fun subject -> not (List.contains subject from.Subjects))
            with
            | Some subject ->
                raise (
                    DataException
                        $"{from.Source}: has no subject {subject}, which {other.Source} has. Evaluate both on the same subjects."
                )
            | None -> ()

        missing first second
        missing second first

        let values (table: SubjectTable) =
            match List.tryFind (fst >> (=) column) table.Columns with
            | None ->
                let known = table.Columns |> List.map fst |> String.concat ", "

                raise (
                    DataException
                        $"{table.Source}: has no column '{column}' of numbers, it has {known}. Name one of these."
                )
            | Some(_, values) ->
                match List.zip table.Subjects values |> List.tryFind (snd >> Double.IsFinite >> not) with
                | Some(subject, _) ->
                    raise (
                        DataException
                            $"{table.Source}: the {column} of {subject} is no number, one was expected to pair. Leave that column or subject out."
                    )
                | None -> Map(List.zip table.Subjects values)

        let ofFirst, ofSecond = values first, values second
        first.Subjects, [ for s in first.Subjects -> ofFirst[s] ], [ for s in first.Subjects -> ofSecond[s] ]

    /// Writes subjects and figures as CSV; a figure that is no number is left empty.
    static member Write(path: string, subjects: string list, columns: (string * float list) list) =
        let text (value: float) =
            if Double.IsFinite value then
                value.ToString("R", CultureInfo.InvariantCulture)
            else
                ""

        let line (cells: string list) = String.Join(',', cells) + "\n"

        let rows = [
            line ("subject" :: List.map fst columns)
            for i, subject in List.indexed subjects do
                line (subject :: [ for _, values in columns -> text values[i] ])
        ]

        AtomicFile.WriteText(path, String.concat "" rows)
