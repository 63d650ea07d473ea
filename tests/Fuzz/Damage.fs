/// Damages files in a reproducible way.
module Iqt.Tests.Fuzz.Damage

open System
open System.Text
open System.Text.RegularExpressions

// Bytes at which numbers change sign, vanish or become NaN.
let private telling = [| 0uy; 1uy; 0x7fuy; 0x80uy; 0xffuy |]

/// Changes up to six of the first bytes.
let bytes (first: int) (random: Random) (original: byte[]) =
    let damaged = Array.copy original

    if damaged.Length > 0 then
        for _ in 1 .. random.Next 7 do
            damaged[random.Next(min damaged.Length first)] <-
                if random.Next 2 = 0 then
                    telling[random.Next telling.Length]
                else
                    byte (random.Next 256)

    damaged

/// Cuts the end off, or adds something to it, now and then.
let ending (random: Random) (original: byte[]) =
    match random.Next 6 with
    | 0 -> original[.. random.Next(max 1 original.Length) - 1]
    | 1 when random.Next 4 = 0 -> Array.append original (Array.init (random.Next 600) (fun _ -> byte (random.Next 256)))
    | _ -> original

// What a number, a word or a bracket of a text becomes.
let private substitutes = [|
    "0"
    "-1"
    "1e999"
    "-1e-999"
    "NaN"
    "Infinity"
    "2147483648"
    "9223372036854775807"
    "99999999999999999999999"
    "0.5"
    "null"
    "true"
    "\"\""
    "[]"
    "{}"
    "[[[[[[[["
    "\"../../../tmp/iqt-escape\""
    "../../../tmp/iqt-escape"
    "/tmp/iqt-escape"
    "a/b"
    "\u0000"
    "\uFEFF"
    "é"
    "\t"
    "\n"
    ","
    ""
|]

let private token = Regex(@"[\w.+-]+|""[^""]*""|[\[\]{}:,\t\n]")

/// Puts something else in the place of a word, number or bracket, or of two or three; repeats one or leaves it out now and then.
let text (random: Random) (original: byte[]) =
    let mutable text = Encoding.UTF8.GetString original

    for _ in 0 .. random.Next 2 * random.Next 3 do
        let tokens = token.Matches text

        if tokens.Count > 0 then
            let found = tokens[random.Next tokens.Count]
            let before, after = text[.. found.Index - 1], text[found.Index + found.Length ..]

            text <-
                match random.Next 8 with
                | 0 -> before + after
                | 1 -> before + found.Value + found.Value + after
                | 2 -> before + String.replicate (1 + random.Next 300) found.Value + after
                | 3 -> before + tokens[random.Next tokens.Count].Value + after
                | _ -> before + substitutes[random.Next substitutes.Length] + after

    let damaged = Encoding.UTF8.GetBytes text

    if random.Next 8 = 0 then
        bytes Int32.MaxValue random damaged
    else
        damaged

/// No file at all in the place of one.
let noise (random: Random) =
    Array.init (random.Next 400) (fun _ -> byte (random.Next 256))

/// One of these, and an ending; one in twenty times noise.
let any (damage: Random -> byte[] -> byte[]) (random: Random) (original: byte[]) =
    if random.Next 20 = 0 then
        noise random
    else
        damage random original |> ending random
