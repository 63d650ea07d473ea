using Iqt.Benchmarks;

Iqt.Reversible.Natives.TorchNatives.EnsureLoaded();
switch (args)
{
    case ["speed", string blocks]:
        Speed.Run(int.Parse(blocks, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["profile"]:
        Profile.Run();
        break;
    default:
        Console.Error.WriteLine("usage: Iqt.Benchmarks speed BLOCKS | profile");
        return 2;
}

return 0;
