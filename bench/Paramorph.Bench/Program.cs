using Paramorph.Bench;

bool json = args.Contains("--json");
string[] names = [.. args.Where(argument => !argument.StartsWith('-'))];
switch (names)
{
    case ["products", .. string[] filters]:
        ProductsBench.Run(json, filters);
        return 0;
    case ["loops" or "sweep", ..]:
        return Loops.Run([.. names]);
    case ["spectra", .. string[] filters]:
        Spectra.Run(filters);
        return 0;
    case ["pool"]:
        PoolBench.Run(json);
        return 0;
    case ["steps"]:
        StepsBench.Run(args.Contains("--peer"), null);
        return 0;
    case ["explain", var name]:
        Console.WriteLine(Workloads.All.First(w => w.Name == name).Computation.Explain());
        return 0;
    case ["steps", var name]:
        StepsBench.Run(args.Contains("--peer"), name);
        return 0;
    default:
        Console.Error.WriteLine(
            "Say what to measure: steps [NAME] [--peer], explain NAME, products, pool, loops, sweep or spectra. With --json each row is one line of JSON; words after products keep the rows that contain all of them.");
        return 2;
}
