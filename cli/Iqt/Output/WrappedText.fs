/// Sentences, which are too long for a column of a table, in lines of a readable length.
module Iqt.Cli.WrappedText

open System
open System.IO

let private lineLength = 100

/// Writes a text; its first line begins with <c>first</c>, the others with as many spaces.
let write (first: string) (text: string) (writer: TextWriter) =
    let indent = String.replicate first.Length " "
    let mutable line = first

    for word in text.Split([| ' '; '\n'; '\r' |], StringSplitOptions.RemoveEmptyEntries) do
        if line.Length > indent.Length && line.Length + word.Length > lineLength then
            writer.WriteLine(line.TrimEnd())
            line <- indent

        line <- line + word + " "

    writer.WriteLine(line.TrimEnd())
