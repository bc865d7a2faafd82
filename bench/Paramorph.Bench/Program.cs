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
    case ["compile", .. string[] filters]:
        CompileBench.Run(filters);
        return 0;
    case ["pool"]:
        PoolBench.Run(json);
        return 0;
    case ["steps"]:
        return StepsBench.Run(null, args);
    case ["step", var name, var threads]:
        return StepsBench.RunOne(name, threads);
    case ["explain", var name, var threads]:
        return StepsBench.Explain(name, threads);
    case ["steps", var name]:
        return StepsBench.Run(name, args);
    default:
        Console.Error.WriteLine(
            "Say what to measure: steps [NAME] [--peer=COMMAND] [--rounds=N] [--format=json] [--write=FILE] [--note=TEXT], explain NAME THREADS, compile, products, pool, loops, sweep or spectra. With --json each row is one line of JSON; words after products keep the rows that contain all of them.");
        return 2;
}
