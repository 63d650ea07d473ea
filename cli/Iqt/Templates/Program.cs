using System.Globalization;
using Iqt.Reversible;
using Iqt.Reversible.Natives;
using TorchSharp;
using {{Name}};
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int steps = args is [string given] && int.TryParse(given, out int number) ? number : 100;
TorchNatives.EnsureLoaded();
try
{
    return Check() ? Train(steps) : 1;
}
catch (ModuleException error)
{
    // A module of yours does what a network can't use: the message says which and what.
    Console.Error.WriteLine(error.Message);
    return 2;
}

// First: does the code generated of {{Name}}Network compute what one autograd graph computes? In float64, where rounding hides
// nothing. Other networks of the project: iqt check NAME.
static bool Check()
{
    IReadOnlyList<CheckResult> checks = new NetworkCheck({{Name}}Network.Declaration).Run();
    foreach (CheckResult check in checks)
    {
        Console.WriteLine($"{check.Property,-20}{check.Subject,-14}{check.Error,10:0.0e-0} of {check.Tolerance:0e-0}  {(check.Holds ? "holds" : "FAILS")}");
    }

    string[] failed = [.. checks.Where(check => !check.Holds).Select(check => $"{check.Property} of {check.Subject}")];
    if (failed.Length > 0)
    {
        Console.Error.WriteLine($"not training: {string.Join(", ", failed)} failed; 'iqt check' with this project as a plugin says what that may mean");
    }

    return failed.Length == 0;
}

// Then a training. The images are smooth noise: replace them with yours.
static int Train(int steps)
{
    using var network = new {{Name}}Network();
    Initializer.Apply(network, InitializationScheme.Identity, seed: 0);
    long low = network.InputSize(atLeast: 11), high = low * network.UpsamplingRate;
    long size = network.OutputSize(low), margin = (high - size) / 2;
    Console.WriteLine($"training on {low}³ voxels, of which it predicts {size}³ of {high}³: those whose surroundings it sees");
    using var adam = optim.Adam(network.parameters(), lr: 2e-3);
    random.manual_seed(0);
    for (int step = 1; step <= steps; step++)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor image = SmoothNoise(batch: 4, channels: network.InputChannels, size: high);
        long rate = network.UpsamplingRate;
        Tensor input = nn.functional.avg_pool3d(image, [rate, rate, rate]);
        Tensor target = image.narrow(2, margin, size).narrow(3, margin, size).narrow(4, margin, size);

        adam.zero_grad();
        Tensor loss = network.Backpropagate(input, BackpropagationMode.Reversible, output => (output - target).square().mean());
        adam.step();
        if (step == 1 || step % 10 == 0)
        {
            Console.WriteLine($"step {step,4}  loss {loss.item<float>():0.0000}");
        }
    }

    return 0;
}

// White noise, averaged over 5³ voxels, with variance 1.
static Tensor SmoothNoise(long batch, long channels, long size)
{
    Tensor noise = randn([batch, channels, size + 4, size + 4, size + 4]);
    return nn.functional.avg_pool3d(noise, [5, 5, 5], [1, 1, 1]) * Math.Sqrt(125);
}
