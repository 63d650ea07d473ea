/// Normally distributed tensors from a seed of their own: the global generator stays where it was.
module Iqt.Tests.Reversible.Noise

open TorchSharp

/// In float32.
let single (seed: uint64) (shape: int64[]) =
    use random = new torch.Generator(seed, torch.CPU)
    torch.randn (shape, generator = random)

/// In float64.
let double (seed: uint64) (shape: int64[]) =
    use random = new torch.Generator(seed, torch.CPU)
    torch.randn (shape, dtype = torch.float64, generator = random)
