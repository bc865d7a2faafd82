using System.Globalization;
using OwnMethod;
using Paramorph.Fitting;
using Paramorph.Problems;

// Fits a table with a method of its own beside one of the library. Arguments: thousands of training steps in all, and a table; by default that of the propellers.
if (args.Length > 2 || (args.Length > 0 && !(int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) && asked > 0)))
{
    Console.Error.WriteLine("OwnMethod takes a number of thousands of steps above 0, and a table.");
    return 2;
}
var steps = args.Length > 0 ? args[0] : "100";
var content = DataContent.Read(args.Length == 2 ? args[1] : Path.Combine(AppContext.BaseDirectory, "propeller.csv"));
var problem = ProblemKind.Of(content, new()).Read(content, new());
foreach (var note in problem.Understood) Console.WriteLine($"  {note}");

var result = Fit.Run(problem, new FitOptions { Methods = [Gated.Method, Paramorph.Layers.Mlp.Method], Budget = Budget.Parse($"{steps}000steps"), Threads = 1 });
Console.WriteLine($"{result.Method}: {string.Join(", ", result.Metrics.Test.Select(measure => string.Create(CultureInfo.InvariantCulture, $"{measure.Key} {measure.Value:G4}")))}");
foreach (var simple in result.Simple) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{simple.Name}: RMSE {simple.Metrics["RMSE"]:G4}"));
return 0;
