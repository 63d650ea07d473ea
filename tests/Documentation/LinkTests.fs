/// Links between pages, to files and to headings lead somewhere.
module Iqt.Tests.Documentation.LinkTests

open System.IO
open Expecto
open Iqt.Tests.Documentation.MarkdownPage

/// What is wrong with a link of a page; none if it leads somewhere.
let private fault (page: Page) (link: string) =
    let file, anchor =
        match link.IndexOf '#' with
        | -1 -> link, None
        | at -> link[.. at - 1], Some link[at + 1 ..]

    let target =
        if file = "" then
            page.Path
        else
            Path.GetFullPath(Path.Combine(nonNull (Path.GetDirectoryName page.Path), file))

    match anchor with
    | _ when not (File.Exists target || Directory.Exists target) -> Some $"{page.Path}: {link}: there is no {target}"
    | Some anchor when target.EndsWith(".md", System.StringComparison.Ordinal) ->
        if (anchors (read target)).Contains anchor then
            None
        else
            Some $"{page.Path}: {link}: {target} has no heading #{anchor}"
    | _ -> None

[<Tests>]
let tests =
    testList "documentation/links" [
        test "every link of every page leads somewhere" {
            let all = [
                for page in pages.Value do
                    for link in links page -> page, link
            ]

            Expect.isGreaterThan all.Length 30 "links"
            Expect.equal (all |> List.choose (fun (page, link) -> fault page link)) [] "links that lead nowhere"
        }

        test "a link that leads nowhere is found" {
            let here = Path.Combine(__SOURCE_DIRECTORY__, "page.md")

            let page =
                parse
                    here
                    "# A *fine* day, isn't it?\n[a](#a-fine-day-isnt-it) [b](#gone) [c](gone.md) `[d](e)`\n```\n[f](g)\n```\n![h](LinkTests.fs) <img alt=\"\" src=\"none.svg\">"

            let own (link: string) =
                if link.StartsWith '#' then
                    (anchors page).Contains link[1..]
                else
                    (fault page link).IsNone

            Expect.equal (links page |> List.filter (own >> not)) [ "#gone"; "gone.md"; "none.svg" ] "links"
        }
    ]
