using Iqt.Benchmarks;

Iqt.Reversible.Natives.TorchNatives.EnsureLoaded();
switch (args)
{
    case ["speed", string blocks]:
        Speed.Run(int.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["memory"]:
        StepMemory.Run();
        break;
    case ["profile"]:
        Profile.Run();
        break;
    case ["depth", string blocks]:
        Depth.Run(int.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["train", string blocks, string steps]:
        Depth.Train(int.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture), int.Parse(steps, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["accuracy"]:
        Accuracy.Run();
        break;
    default:
        Console.Error.WriteLine("usage: Iqt.Benchmarks speed BLOCKS | memory | profile | accuracy | depth BLOCKS | train BLOCKS STEPS");
        return 2;
}

return 0;
