using System.Globalization;
using System.Net;
using System.Text;
using Paramorph.Neurons;

namespace Paramorph.Tests.Neurons;

/// <summary>Makes <c>docs/activations.md</c> and its sheet of pictures from the functions themselves.</summary>
internal static class ActivationsPage
{
    public const string Command = "PARAMORPH_WRITE_PAGES=1 dotnet test -c Release tests/Paramorph.Tests --filter ActivationsPage";

    private const int Columns = 10, Width = 104, Height = 96, Title = 26;
    private const double Reach = 4;

    /// <summary>A file of docs in the checkout that the tests were built in.</summary>
    public static string File(string name) => Repository.File("docs", name);

    /// <summary>The page.</summary>
    public static string Text()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Activations

            {ActivationFunction.All.Count} functions between layers, each with its formula, which is also what is computed, its parameters, its range and its source. Generated from `ActivationFunction.All`: change nothing here by hand.
            Most are gathered in Kunc and Kléma, "Three decades of activations: a comprehensive survey of 400 activation functions for neural networks", 2024. Ranges are those with the first values of the parameters; sinc(x) is
            sin(pi x) / (pi x), sech(x) is 1 / cosh(x), expm1(x) is exp(x) - 1, clip(x, a, b) holds x between a and b.

            Left out are functions of several neurons (softmax, maxout, GLU, concatenated and paired rectifiers, winner-take-all), those that draw random numbers or depend on the course of training (RReLU, EReLU, noisy
            and probabilistic ones, dynamic leaky ReLU), tables and kernels of any size (LuTU, kernel activation functions, mixtures), and those whose formulas could not be confirmed.

            `paramorph activations NAME` shows one, `paramorph fit TABLE --method mlp --set activation=NAME` uses it. In C# `ActivationFunction.Of("mish").Call(x)` is the function and `ActivationLayer.Create(...)` a layer, whose
            learned parameters are trained with the weights; `new ActivationFunction("mine", "Mine", "x*sigmoid(a*x)", new ActivationParameter("a", 1, IsLearned: true))` is one of your own.

            ![Curves from -4 to 4](activations.svg)


            """);
        foreach (var family in ActivationFunction.All.GroupBy(function => function.Family))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(family.Key[0])}{family.Key[1..]} ({family.Count()})\n\n| name | | formula | parameters at first | range | source |\n|---|---|---|---|---|---|\n");
            foreach (var function in family)
                page.Append(CultureInfo.InvariantCulture, $"| {function.Name} | {function.Title} | `{function.Formula}` | {string.Join(", ", function.Parameters.Select(Words))} | {function.Range} | {function.Source} |\n");
            page.Append('\n');
        }
        page.Append("## One function under several names\n\nWith the first values of their parameters these have the same values.\n\n");
        foreach (var group in ActivationFunction.Coinciding(ActivationFunction.All)) page.Append(CultureInfo.InvariantCulture, $"- {string.Join(", ", group)}\n");
        return page.ToString();
    }

    /// <summary>The pictures, family by family.</summary>
    public static string Svg()
    {
        var (body, top) = (new StringBuilder(), 0);
        foreach (var family in ActivationFunction.All.GroupBy(function => function.Family))
        {
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"4\" y=\"{top + 18}\" font-size=\"15\">{family.Key}</text>\n");
            foreach (var (i, function) in family.Index()) Draw(body, function, i % Columns * Width, top + Title + i / Columns * Height);
            top += Title + (family.Count() + Columns - 1) / Columns * Height;
        }
        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Columns * Width} {top}\" font-family=\"sans-serif\" font-size=\"9\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n{body}</svg>\n";
    }

    private static string Words(ActivationParameter parameter) => string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} = {parameter.First:0.#######}{(parameter.IsLearned ? " learned" : "")}");

    /// <summary>A curve in a box whose heights are those of -4 to 4 too, or of its own values where these are small.</summary>
    private static void Draw(StringBuilder svg, ActivationFunction function, int left, int top)
    {
        const int Steps = 48, Box = Height - 18, Margin = 4;
        var values = function.Call(Tensor.From<double>([.. Enumerable.Range(0, Steps + 1).Select(i => Reach * (2.0 * i / Steps - 1))])).ToDoubles();
        var high = values.Max(Math.Abs) is > 0 and < 1 and var most ? most : Reach;
        var runs = new List<List<string>> { new() };
        foreach (var (i, value) in values.Index())
        {
            if (Math.Abs(value) <= high * 1.001) runs[^1].Add(string.Create(CultureInfo.InvariantCulture, $"{left + Margin + (Width - 2.0 * Margin) * i / Steps:0.#},{top + Margin + (Box - 2.0 * Margin) * (1 - value / high) / 2:0.#}"));
            else if (runs[^1].Count > 0) runs.Add([]);
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left + Margin} {top + Box / 2}h{Width - 2 * Margin}M{left + Width / 2} {top + Margin}v{Box - 2 * Margin}\" stroke=\"#cccccc\" fill=\"none\"/>");
        foreach (var run in runs.Where(run => run.Count > 1)) svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', run)}\" stroke=\"#1f5fa8\" stroke-width=\"1.5\" fill=\"none\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + Width / 2}\" y=\"{top + Box + 8}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(function.Name)}</text>\n");
    }
}
