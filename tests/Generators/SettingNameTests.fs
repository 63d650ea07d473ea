/// The names by which layer kinds ask for what an attribute was given. A misspelt one, or another attribute's, would always find the
/// default, and nothing that compares a network with itself would notice.
module Iqt.Tests.Generators.SettingNameTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Generators.Vocabulary
open Iqt.Reversible
open Iqt.Tests.Generators.Rules

let private folder =
    Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "generators", "Vocabulary"))

// layer.Real("slope", 0.01), NumberRule.Whole(operation, "channels", 1)
let private asked =
    Regex @"\b(?:Real|Number|Integer|Flag|Find|Range|Whole|Edge|OneOf)\((?:operation, )?""(\w+)"""

let private attributes = [
    for attribute in typeof<Conv3dAttribute>.Assembly.GetExportedTypes() do
        if attribute.IsSubclassOf typeof<Attribute> then
            attribute
]

let private settings (attribute: Type) = [
    for constructor in attribute.GetConstructors() do
        for parameter in constructor.GetParameters() do
            nonNull parameter.Name

    for property in attribute.GetProperties() do
        if property.CanWrite then
            property.Name
]

// Conv3d, Layer of LayerAttribute`1.
let private layer (attribute: Type) =
    Regex.Replace(attribute.Name, @"Attribute(`\d+)?$", "")

/// The names asked for, by the class that asks.
let private askedByClass = [
    for file in Directory.GetFiles(folder, "*.cs") do
        for part in Regex.Split(File.ReadAllText file, @"(?=\bclass \w+)") do
            let owner = Regex.Match(part, @"^class (\w+)").Groups[1].Value

            for found in asked.Matches part do
                owner, found.Groups[1].Value
]

/// Attributes whose one number is a real one: functions such as ELU.
let private ofOneNumber = [
    for attribute in attributes do
        match attribute.GetConstructors() with
        | [| constructor |] ->
            match constructor.GetParameters() with
            | [| parameter |] when parameter.ParameterType = typeof<float> -> layer attribute
            | _ -> ()
        | _ -> ()
]

// All that is generated but the declaration's own text, which says the number whether it is used or not.
let private code (attribute: string) (number: string) =
    let declaration =
        $"[Network(\"net\", InputChannels = 6)] public sealed partial class Net {{ [Conv3d(8), {attribute}({number})] private partial Segment Layer {{ get; }} }}"

    let _, result = Compiler.build declaration

    String.concat "\n" [
        for tree in result.GeneratedTrees do
            Regex.Replace(string (tree.GetText()), @"\[DeclarationDescription\((?:.|\n)*?\)\]", "")
    ]

[<Tests>]
let tests =
    testList "generators/setting names" [
        test "every name that a layer kind asks for is a parameter or a property of an attribute" {
            let known = set (List.collect settings attributes)
            Expect.isGreaterThan askedByClass.Length 20 "the names were found"

            let unknown =
                askedByClass
                |> List.filter (fun (_, name) -> not (known.Contains name))
                |> List.distinct

            Expect.equal
                unknown
                []
                "names that no attribute has; a setting is called as the constructor's parameter or the property is spelt"
        }

        test "a kind asks for settings of its own attributes" {
            let owned =
                LayerKinds.All
                |> Seq.groupBy (fun kind -> kind.GetType().Name)
                |> Seq.map (fun (owner, kinds) ->
                    let names = set [ for kind in kinds -> kind.Attribute ]
                    owner, set (attributes |> List.filter (layer >> names.Contains) |> List.collect settings))
                |> Map

            Expect.exists askedByClass (fun (owner, _) -> owned.ContainsKey owner) "the classes were found"

            let strange =
                askedByClass
                |> List.filter (fun (owner, name) -> owned.ContainsKey owner && not (owned[owner].Contains name))

            Expect.equal strange [] "names that only other attributes have"
        }

        for attribute in ofOneNumber do
            test $"the number of [{attribute}] arrives in the code" {
                Expect.isFalse
                    (code attribute "0.25" = code attribute "0.5")
                    "the same code for 0.25 and 0.5: the kind does not ask for the number, or not by its name"
            }

        test "every kind has its attribute" {
            let named = List.map layer attributes

            Expect.equal
                [
                    for kind in LayerKinds.All do
                        if not (List.contains kind.Attribute named) then
                            kind.Attribute
                ]
                []
                "kinds in generators/Vocabulary/LayerKinds.cs whose attribute is not in core/Reversible/Declaration/Operations"
        }

        test "of every function with a number a number out of its range is refused" {
            Expect.equal
                [
                    for attribute in ofOneNumber do
                        if
                            NumberCases.cases
                            |> List.forall (fun case -> not (case.Source.Contains $"{attribute}(‹"))
                        then
                            attribute
                ]
                []
                "functions of which tests/Generators/Rules/NumberCases.fs has no case"
        }

        test "two kinds of one attribute are refused by its name" {
            Expect.throwsC (fun () -> LayerKinds.Index [ ReluKind(); EluKind(); ReluKind() ] |> ignore) (fun e ->
                Expect.stringContains e.Message "two kinds for [Relu]" "which")
        }
    ]
