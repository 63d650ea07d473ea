module Iqt.Tests.Generators.RulePageTests

open System
open System.IO
open Expecto
open Iqt.Generators.Validation

[<Tests>]
let tests =
    testList "generators/rule pages" [
        for rule in DeclarationAnalyzer().SupportedDiagnostics do
            test $"{rule.Id}: the help link leads to its page, beside the analyzer" {
                let page = Uri rule.HelpLinkUri
                Expect.isTrue page.IsFile rule.HelpLinkUri
                let text = File.ReadAllText page.LocalPath
                Expect.stringStarts text $"# {rule.Id}: {rule.Title}" "the page's heading is the rule's title"
            }

        test "the list of pages names every rule and no other" {
            let list =
                File.ReadAllText(Path.Combine(__SOURCE_DIRECTORY__, "..", "..", "docs", "diagnostics", "README.md"))

            let listed = [
                for line in list.Split '\n' do
                    if line.StartsWith "| [IQT" then
                        line.Substring(3, 6)
            ]

            let rules = [ for rule in DeclarationAnalyzer().SupportedDiagnostics -> rule.Id ]
            Expect.equal (List.sort listed) (List.sort rules) "docs/diagnostics/README.md"
        }
    ]
