/// The one JSON document that <c>--json</c> puts on standard output.
module Iqt.Cli.Json

open System.Collections.Generic
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

let private options =
    JsonSerializerOptions(WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

/// A string.
let text (value: string) : JsonNode | null = JsonValue.Create value

/// A number; null where it is not finite, for which JSON has no sign.
let number (value: float) : JsonNode | null =
    if System.Double.IsFinite value then
        JsonValue.Create value
    else
        null

/// A whole number.
let integer (value: int64) : JsonNode | null = JsonValue.Create value

/// True or false.
let flag (value: bool) : JsonNode | null = JsonValue.Create value

/// A list.
let list (items: (JsonNode | null) seq) : JsonNode | null = JsonArray(Seq.toArray items)

/// An object whose members keep their order.
let object (members: (string * (JsonNode | null)) seq) : JsonNode | null =
    JsonObject(members |> Seq.map (fun (name, value) -> KeyValuePair(name, value)))

/// The document as indented text.
let format (document: JsonNode | null) =
    match document with
    | null -> "null"
    | node -> node.ToJsonString options
