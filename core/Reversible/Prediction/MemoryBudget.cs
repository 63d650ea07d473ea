namespace Iqt.Reversible.Prediction;

/// <summary>Which blocks keep their activations within a bound of memory.</summary>
public static class MemoryBudget
{
    // Reversible steps of the networks here were predicted up to 2 % short, those of others may be more (docs/benchmarks.md).
    private const double Margin = 1.06;

    /// <summary>
    /// Keeps the activations of as many blocks as fit and reverses the others: for
    /// <see cref="Adjoints.StepOptions.KeptBlocks"/>. The widest stacks come first: there a byte saves most time.
    /// </summary>
    /// <param name="prediction">Of the step.</param>
    /// <param name="network">The network.</param>
    /// <param name="bytes">What the step may take above weights, optimiser state and data.</param>
    /// <param name="isFused">Whether each block is updated within the backward pass.</param>
    /// <returns>Blocks to keep, by the stack's name.</returns>
    /// <exception cref="ArgumentException">Not even the reversed step fits.</exception>
    public static IReadOnlyDictionary<string, int> KeptBlocks(MemoryPrediction prediction, Network network, long bytes, bool isFused = false)
    {
        long Peak(IReadOnlyDictionary<string, int> kept) => (long)(prediction.Peak(BackpropagationMode.Reversible, isFused, kept) * Margin);
        var kept = new Dictionary<string, int>();
        long least = Peak(kept);
        if (least > bytes)
        {
            throw new ArgumentException(
                $"A memory budget of {bytes / 1e6:f1} MB is too small for network {network.NetworkName}: with every block reversed a step takes {least / 1e6:f1} MB above weights and optimiser state. Choose a smaller batch, or a larger budget.",
                nameof(bytes));
        }

        // Time saved grows with the square of the channels, memory with the channels.
        foreach (Segment stack in network.Segments
            .Where(segment => segment is { Kind: SegmentKind.Stack, Strategy: SegmentStrategy.Reverse })
            .OrderByDescending(segment => segment.InputChannels))
        {
            int fits = 0;
            for (int step = HighestBit(stack.Blocks); step > 0; step /= 2)
            {
                if (fits + step <= stack.Blocks && Peak(new Dictionary<string, int>(kept) { [stack.Name] = fits + step }) <= bytes)
                {
                    fits += step;
                }
            }

            kept[stack.Name] = fits;
        }

        return kept;
    }

    private static int HighestBit(int number) => number == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2((uint)number);
}
