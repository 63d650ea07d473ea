using Iqt.Reversible;

namespace Iqt.Training;

/// <summary>What a network has to be for images of diffusion tensors.</summary>
public static class NetworkDemands
{
    private const int Elements = 6;

    /// <summary>Whether a network can be trained on a prepared data set of some upsampling rate.</summary>
    public static bool Accepts(Network network)
    {
        try
        {
            Check(network);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Refuses a network that can't be trained on a prepared data set, before anything is written.</summary>
    /// <exception cref="ArgumentException">It is for other images, or maps images to something else.</exception>
    internal static void Check(Network network)
    {
        if (network.Dimensions != 3 || network.Inputs.Count != 1 || network.Segments.Count(segment => segment.IsOutput) != 1)
        {
            throw new ArgumentException($"Network {network.NetworkName} can't be trained on diffusion tensors: it is {network.Dimensions}D with {network.Inputs.Count} {(network.Inputs.Count == 1 ? "input" : "inputs")} and {network.Segments.Count(segment => segment.IsOutput)} {(network.Segments.Count(segment => segment.IsOutput) == 1 ? "output" : "outputs")}, and 3D with one input and one output was expected. Train it in a loop of your own.");
        }

        if (network.InputChannels != Elements || network.OutputChannels != Elements)
        {
            throw new ArgumentException($"Network {network.NetworkName} can't be trained on diffusion tensors: it has {network.InputChannels} {(network.InputChannels == 1 ? "channel" : "channels")} in and {network.OutputChannels} out, and a tensor's elements are {Elements} in and {Elements} out. Declare InputChannels = {Elements} and as many before the output, times r³ before a voxel shuffle by r.");
        }

        try
        {
            _ = network.Relation;
        }
        catch (InvalidOperationException error)
        {
            throw new ArgumentException($"{error.Message} iqt train needs one that does.", error);
        }
    }
}
