using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Iqt.Reversible;

/// <content>What a backward pass has to find as the forward pass left it, and what an update of parameters within it rules out.</content>
public abstract partial class SegmentPass
{
    /// <inheritdoc/>
    protected override void CheckBackward(bool retainCaches)
    {
        CheckMode();
        CheckFusedUpdate(retainCaches);
    }

    // Layers that are run again look at their mode: in another one they would compute something else.
    private void CheckMode()
    {
        if (_network.training != _isTraining)
        {
            string Mode(bool isTraining) => isTraining ? "training" : "evaluation";
            throw new InvalidOperationException(
                $"Network {_network.NetworkName} was in {Mode(_isTraining)} mode in the forward pass and is in {Mode(!_isTraining)} mode now, but the backward pass repeats what the forward pass ran. Call {(_isTraining ? "train()" : "eval()")} before the backward pass.");
        }
    }

    // What libtorch and TorchSharp throw names no segment.
    private static T InSegment<T>(ActivationSlot output, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception error) when (error is ExternalException or SegmentException { Segment: null } || error.Source == "TorchSharp")
        {
            throw new SegmentException(output.Segment!, error);
        }
    }

    private static void InSegment(ActivationSlot output, Action compute) =>
        InSegment(output, () =>
        {
            compute();
            return true;
        });

    // An update within the pass changes the weights that another pass would read, and frees what it would add to.
    private void CheckFusedUpdate(bool retainCaches)
    {
        if (_options.GradientsComplete is null)
        {
            return;
        }

        if (retainCaches)
        {
            throw new InvalidOperationException(
                "The caches can't be retained: this pass updates each block's parameters as soon as their gradients are complete, and a second pass would read the new ones. Update behind the last pass instead.");
        }

        foreach ((string name, TorchSharp.Modules.Parameter parameter) in _network.named_parameters())
        {
            using Tensor? gradient = parameter.grad;
            if (gradient is not null)
            {
                throw new InvalidOperationException(
                    $"{name} has a gradient of an earlier pass. An update within the backward pass takes one batch's gradients: to accumulate several, update behind the last pass; else free the gradients first.");
            }
        }
    }
}
