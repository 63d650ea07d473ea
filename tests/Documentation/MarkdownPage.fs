/// The pages of the project, taken apart as far as tests need it.
module Iqt.Tests.Documentation.MarkdownPage

open System
open System.IO
open System.Text.RegularExpressions

type Page = {
    Path: string
    /// Its lines without those of code blocks.
    Prose: string list
    /// Code blocks: language and lines.
    Blocks: (string * string list) list
}

let private root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

/// Takes a page's text apart.
let parse (path: string) (text: string) : Page =
    let mutable block = None

    let page = { Path = path; Prose = []; Blocks = [] }

    (page, text.Split '\n')
    ||> Seq.fold (fun page line ->
        let fence = Regex.Match(line, @"^\s*```(\w*)\s*$")

        match block with
        | None when fence.Success ->
            block <- Some(fence.Groups[1].Value, [])
            page
        | None -> { page with Prose = line :: page.Prose }
        | Some(language, lines) when fence.Success ->
            block <- None

            {
                page with
                    Blocks = (language, List.rev lines) :: page.Blocks
            }
        | Some(language, lines) ->
            block <- Some(language, line :: lines)
            page)
    |> fun page -> {
        page with
            Prose = List.rev page.Prose
            Blocks = List.rev page.Blocks
    }

let read (path: string) : Page = parse path (File.ReadAllText path)

/// The pages at the root and those of docs/.
let pages =
    lazy
        [
            for path in Directory.GetFiles(root, "*.md") do
                read path
            for path in Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories) do
                read path
        ]

/// The anchors that GitHub gives a page's headings: lower case, letters, digits and hyphens only, repetitions counted.
let anchors (page: Page) : Set<string> =
    let slugs = [
        for line in page.Prose do
            let heading = Regex.Match(line, @"^#{1,6}\s+(.*?)\s*#*\s*$")

            if heading.Success then
                let text = Regex.Replace(heading.Groups[1].Value, @"\[([^\]]*)\]\([^)]*\)", "$1")

                Regex.Replace(text.ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-')
    ]

    Set [
        for slug, repetitions in List.countBy id slugs do
            slug

            for i in 1 .. repetitions - 1 do
                $"{slug}-{i}"
    ]

/// Spans of code in the page's sentences and tables.
let spans (page: Page) : string list = [
    for line in page.Prose do
        for span in Regex.Matches(line, "`([^`]+)`") do
            span.Groups[1].Value.Replace(@"\|", "|")
]

/// Targets of links and pictures that lie in the project.
let links (page: Page) : string list = [
    for line in page.Prose do
        let sentence = Regex.Replace(line, "`[^`]*`", "")

        for link in Regex.Matches(sentence, @"\]\(([^)\s]+)[^)]*\)|<(?:img|a)\b[^>]*?\b(?:src|href)=""([^""]+)""") do
            let target = link.Groups[1].Value + link.Groups[2].Value

            if not (Regex.IsMatch(target, @"^\w+:")) then
                Uri.UnescapeDataString target
]
