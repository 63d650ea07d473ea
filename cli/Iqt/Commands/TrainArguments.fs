/// The options of <c>iqt train</c>, in the words of the command line.
module Iqt.Cli.Commands.TrainArguments

open Argu
open Iqt.Cli

type Preset =
    | Paper
    | Default

type Validation =
    | Patches
    | Subjects

type Initialization =
    | He
    | Identity

type Schedule =
    | Plateau
    | Constant
    | Step
    | Cosine

type Stream =
    | Float32
    | Float64

type Precision =
    | Float32
    | Bfloat16

type Update =
    | Behind
    | Fused

type Arguments =
    | [<MainCommand; Unique>] Network of NET: string
    | [<Mandatory; Unique>] Data of DIR: string
    | [<Mandatory; Unique>] Out of RUN: string
    | [<Unique>] Resume
    | Set of ``NAME=VALUE``: string
    | [<Unique>] From of RUN: string
    | [<Unique>] Identity
    | [<Unique>] Preset of Preset
    | [<Unique>] Mode of MODE: string
    | [<Unique>] Update of Update
    | [<Unique; CustomCommandLine "--memory-budget">] Budget of BYTES: string
    | [<Unique>] Stream of Stream
    | [<Unique>] Precision of Precision
    | [<Unique>] Epochs of N: int
    | [<Unique; CustomCommandLine "--learning-rate">] LearningRate of RATE: float
    | [<Unique; CustomCommandLine "--patches">] PatchesPerSubject of N: int
    | [<Unique; CustomCommandLine "--subjects">] TrainingSubjects of N: int
    | [<Unique; CustomCommandLine "--test-subjects">] TestSubjects of N: int
    | [<Unique>] Validation of Validation
    | [<Unique; CustomCommandLine "--batch-size">] BatchSize of N: int
    | [<Unique>] Seed of N: uint64
    | [<Unique>] Initialization of Initialization
    | [<Unique>] Schedule of Schedule
    | [<Unique; CustomCommandLine "--clip-norm">] ClipNorm of NORM: float
    | Setting of ``NAME=VALUE``: string
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Threads of N: int
    | Plugin of DLL: string
    | [<Unique>] Json

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Network _ -> "name of a declared network (see iqt networks)."
            | Data _ -> "a data set that iqt prepare wrote."
            | Out _ -> "folder of the run, new or empty unless it goes on."
            | Resume -> "go on with the run in --out after its last finished epoch, with its own settings."
            | Set _ -> "a hyperparameter, for example --set Blocks=4; may be repeated."
            | Preset _ -> "where all settings start from: default, or paper (the protocol of Blumberg et al. 2018)."
            | From _ ->
                "start from this trained run's best weights, with its normalisation: of the same network, or of one that NET elongates."
            | Identity ->
                "with --from: the stacks that NET adds start as the identity (default: as --initialization says)."
            | Mode _ -> "how gradients are computed: single-graph, stored, checkpointed or reversible (default)."
            | Update _ ->
                "where parameters are updated: behind the backward pass (default), or fused with it block by block: the same weights, and memory does not grow with depth."
            | Budget _ ->
                "with mode reversible: keep the activations of as many blocks as fit, by prediction, for example 600MB; above weights and optimiser state."
            | Stream _ -> "type of the residual stream: float32 or float64 (default: chosen by the engine)."
            | Precision _ ->
                "type of convolutions: float32 (default) or bfloat16; parameters and all else stay float32."
            | Epochs _ -> "most epochs (default 100); training stops earlier when validation stops improving."
            | LearningRate _ -> "Adam's rate at the start (default 1e-3, paper 1e-4)."
            | PatchesPerSubject _ -> "patches of each subject (default: all that were prepared)."
            | TrainingSubjects _ -> "subjects for training and validation, the first of the data set (default: all)."
            | TestSubjects _ -> "subjects at the end of the data set that are left for testing (default 0)."
            | Validation _ -> "what is held out: patches (the paper's) or whole subjects (default)."
            | BatchSize _ -> "patches a step (default 12)."
            | Seed _ -> "seed of the start values and the order of patches (default 0)."
            | Initialization _ ->
                "start values: he (the paper's), or identity (default): every block starts as the identity."
            | Schedule _ -> "how the rate falls: plateau (default), constant, step or cosine."
            | ClipNorm _ -> "largest norm of all gradients together (default: no limit)."
            | Setting _ ->
                "any setting by its name in settings.json, for example --setting stopPatience=30; may be repeated."
            | Device _ -> "cpu (default), cuda or cuda:N."
            | Threads _ -> "threads of libtorch on the CPU; another number may round differently."
            | Plugin _ -> Options.pluginUsage
            | Json -> "print one JSON document."
