namespace Iqt.Experiments.Demo

open Iqt.Diffusion.Phantom

/// What decides a demo.
type DemoSettings = {
    /// Receives data, runs, pictures and the report; parts that are there already are kept.
    Folder: string
    /// Size of the phantoms.
    Scale: PhantomScale
    /// All subjects, the unseen ones included.
    Subjects: int
    /// Subjects that no training sees.
    TestSubjects: int
    /// Patches of each subject.
    Patches: int
    /// Epochs of each network, by its name.
    Epochs: Map<string, int>
    /// RevNet blocks per stack of ESPCN-RN.
    Blocks: int
}

/// The sizes of a demo that the command offers.
module DemoSettings =
    /// A few minutes on two cores.
    let standard folder = {
        Folder = folder
        Scale = PhantomScale.Half
        Subjects = 12
        TestSubjects = 2
        Patches = 75
        Epochs = Map [ "espcn", 24; "espcn-rn", 8 ]
        Blocks = 2
    }

    /// Tiny phantoms and two epochs: shows that all parts work, not what they can do.
    let quick folder = {
        standard folder with
            Scale = PhantomScale.Tiny
            Subjects = 4
            TestSubjects = 1
            Patches = 40
            Epochs = Map [ "espcn", 2; "espcn-rn", 2 ]
            Blocks = 1
    }
