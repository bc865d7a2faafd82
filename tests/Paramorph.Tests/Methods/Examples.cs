using Paramorph.Fitting;
using Paramorph.Methods;
using Paramorph.Problems;
using Paramorph.Tests.Problems;

namespace Paramorph.Tests.Methods;

/// <summary>Small problems for methods, and what every method must do with them.</summary>
internal static class Examples
{
    /// <summary>y = sin 6a cos 5b, and c, which does not matter.</summary>
    public static ExamplesProblem Waves(int rows = 400) => TableRegression.Read(Tables.Of(Text(rows, "y", (a, b) => Math.Sin(6 * a) * Math.Cos(5 * b))), new());

    /// <summary>Three classes: by circles around the middle.</summary>
    public static ExamplesProblem Rings(int rows = 400) => TableClassification.Read(
        Tables.Of(Text(rows, "ring", (a, b) => Math.Min(2, (int)(5 * Math.Sqrt((a - 0.5) * (a - 0.5) + (b - 0.5) * (b - 0.5)))))), new() { Targets = ["ring"] });

    /// <summary>A model of a method with its usual hyperparameters, or some other ones.</summary>
    public static Paramorph.Layers.ILayer Fitted(Method method, Problem problem, params (string Name, double Value)[] values) =>
        method.Fit(problem, new(values.Aggregate(Configuration.Default(method.Hyperparameters), (choice, value) => choice.With(value.Name, value.Value)), Key.Of(1)));

    /// <summary>A model that is saved and loaded again gives the same answers.</summary>
    public static void AssertKept(Method method, Problem problem, params (string Name, double Value)[] values)
    {
        var root = Directory.CreateTempSubdirectory("paramorph-method-").FullName;
        try
        {
            var choice = values.Aggregate(Configuration.Default(method.Hyperparameters), (choice, value) => choice.With(value.Name, value.Value));
            var model = new Model(
                problem.Kind, problem.Preparation, problem.Signature, [new(method, choice, 1, 1)], method.Fit(problem, new(choice, Key.Of(1)) { Share = 0.1 }), new(0.9));
            model.Save(Path.Combine(root, "model"));
            var raw = Tensor.From(new[,] { { 0.3, 0.8, 0.1 }, { 0.9, 0.2, 0.5 } });
            Assert.Equal(model.Predict(raw).ToDoubles(), Model.Load(Path.Combine(root, "model")).Predict(raw).ToDoubles());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static string Text(int rows, string target, Func<double, double, double> answer)
    {
        var random = new Random(5);
        return $"a,b,c,{target}\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => (A: random.NextDouble(), B: random.NextDouble(), C: random.NextDouble()))
            .Select(row => FormattableString.Invariant($"{row.A},{row.B},{row.C},{answer(row.A, row.B)}\n")));
    }
}
