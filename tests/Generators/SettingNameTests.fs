/// The names by which layer kinds ask for what an attribute was given. A misspelt one would always find the default, and nothing
/// that compares a network with itself would notice.
module Iqt.Tests.Generators.SettingNameTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Iqt.Reversible

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

[<Tests>]
let tests =
    testList "generators/setting names" [
        test "every name that a layer kind asks for is a parameter or a property of an attribute" {
            let known =
                set [
                    for attribute in attributes do
                        for constructor in attribute.GetConstructors() do
                            for parameter in constructor.GetParameters() do
                                nonNull parameter.Name

                        for property in attribute.GetProperties() do
                            if property.CanWrite then
                                property.Name
                ]

            let names = [
                for file in Directory.GetFiles(folder, "*.cs") do
                    for found in asked.Matches(File.ReadAllText file) -> Path.GetFileName file, found.Groups[1].Value
            ]

            Expect.isGreaterThan names.Length 20 "the names were found"

            let unknown =
                names
                |> List.filter (fun (_, name) -> not (known.Contains name))
                |> List.distinct

            Expect.isEmpty
                unknown
                "names that no attribute has; a setting is called as the constructor's parameter or the property is spelt"
        }
    ]
