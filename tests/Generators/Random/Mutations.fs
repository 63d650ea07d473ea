/// Single changes of a declaration that break a rule.
module Iqt.Tests.Generators.Mutations

open FsCheck.FSharp
open Iqt.Tests.Generators.DeclarationText
open Iqt.Tests.Generators.Mutation

/// All of them.
let all: Mutation list =
    ClassMutations.all @ NumberMutations.all @ GraphMutations.all

/// A change that can be applied to the declaration.
let applicable (d: Declaration) =
    Gen.elements (all |> List.filter (fun (_, _, can, _) -> can d))
