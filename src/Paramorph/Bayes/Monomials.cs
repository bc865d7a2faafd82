using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>Products of columns: the features of polynomial regression. (Cheng, Khomtchouk, Matloff and Mohanty, "Polynomial regression as an alternative to neural nets", 2018.)</summary>
/// <param name="Factors">The columns that each product is of, padded with the number of columns, which stands for 1: i32 [products, degree].</param>
[Tree]
public sealed partial record Monomials(Tensor Factors) : ILayer
{
    private const int MostProducts = 2000;

    /// <summary>Least squares on products of columns as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod(
        "polynomial", "Least squares on products of columns up to a degree, of classes on their indicators.",
        (problem, run) =>
        {
            var products = Of(problem.Signature.Inputs, run.Configuration.Whole("degree"), run.Configuration.Whole("columns"), Switches(problem));
            return new Sequential([products, LinearRegression.Of(problem, products, run.Configuration["penalty"])]);
        },
        (signature, _, stored) =>
        {
            var factors = stored["layers[0].factors"];
            return new Sequential([new Monomials(Tensor.Zeros(factors.Shape, factors.ElementType)), LinearRegression.Affine(factors.Shape[0], signature.Outputs)]);
        },
        (problem, configuration) => LinearRegression.Work(problem, Count(problem.Signature.Inputs, configuration.Whole("degree"), configuration.Whole("columns"))))
    {
        Kinds = ["table-regression", "table-classification"],
        GoodAt = "smooth answers of some ten columns, products of a few of which matter; it is fitted at once",
        Paper = "Cheng, Khomtchouk, Matloff and Mohanty, Polynomial regression as an alternative to neural nets, 2018",
        IsAutomatic = false,
        Limits = problem => problem.Signature.Inputs > MostProducts ? $"it takes at most {MostProducts} features and there are {problem.Signature.Inputs}" : null,
        Own =
        [
            Hyperparameter.Whole("degree", "factors of a product at most; fewer where products would be more than two thousand", 3, 1, 5, HyperparameterScale.Linear),
            Hyperparameter.Whole("columns", "different columns in a product at most", 3, 1, 4, HyperparameterScale.Linear),
            Hyperparameter.Number("penalty", "penalty on squared weights, by which least squares is solvable where products are alike", 1e-4, 1e-8, 1),
        ],
    };

    /// <summary>All products of columns up to a degree, the columns themselves first.</summary>
    /// <param name="inputs">Columns.</param>
    /// <param name="degree">The highest degree, 1 or more; it is lowered until there are at most two thousand products.</param>
    /// <param name="columns">Different columns in a product at most, 1 or more.</param>
    /// <param name="isSwitch">Of each column whether it has two values alone, so that its powers are itself; none when null.</param>
    /// <exception cref="ShapeException">The degree, or what is allowed of columns, is below 1.</exception>
    public static Monomials Of(int inputs, int degree, int columns, IReadOnlyList<bool>? isSwitch = null)
    {
        if (inputs < 1 || degree < 1 || columns < 1) throw new ShapeException($"monomials: products of {inputs} columns, of degree {degree} and of {columns} different ones, are none: each is 1 or more.");
        var (products, last) = (new List<int[]>(), new List<int[]> { Array.Empty<int>() });
        for (var d = 1; d <= degree; d++)
        {
            // Factors in order, so that each product appears once.
            last = [.. last.SelectMany(
                product => Enumerable.Range(product.Length == 0 ? 0 : product[^1], inputs - (product.Length == 0 ? 0 : product[^1])),
                (product, next) => (int[])[.. product, next]).Where(product =>
                product.Distinct().Count() <= columns && (isSwitch is null || product.Length < 2 || product[^1] != product[^2] || !isSwitch[product[^1]]))];
            if (d > 1 && products.Count + last.Count > MostProducts) break;
            products.AddRange(last);
        }
        var longest = products[^1].Length;
        return new(Tensor.From<int>([.. products.SelectMany(product => product.Concat(Enumerable.Repeat(inputs, longest - product.Length)))], [products.Count, longest]));
    }

    /// <summary>[n, columns] gives [n, products].</summary>
    public Tensor Call(Tensor x)
    {
        var known = x.Pad([(0, 0), (0, 1)], 1.0);
        return Enumerable.Range(0, Factors.Shape[1]).Select(place => known.Take(Factors[.., place], 1)).Aggregate((product, factor) => product * factor);
    }

    private static int Count(int inputs, int degree, int columns) => Of(inputs, degree, columns).Factors.Shape[0];

    private static bool[] Switches(ExamplesProblem problem)
    {
        var (values, inputs) = (problem.Train.Inputs.ToArray<float>(), problem.Signature.Inputs);
        return [.. Enumerable.Range(0, inputs).Select(column => Enumerable.Range(0, values.Length / inputs).Select(row => values[row * inputs + column]).Distinct().Take(3).Count() <= 2)];
    }
}
