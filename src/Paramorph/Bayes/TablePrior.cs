namespace Paramorph.Bayes;

/// <summary>
/// Tables whose inputs are rows of a given one and whose answers are functions drawn from a prior: a Gaussian process, by random Fourier features (Rahimi and Recht, "Random features for
/// large-scale kernel machines", 2007), or a random perceptron with bends, edges or steps, of one layer or of two; each with length scales, features that do not matter, and noise of its own. (After
/// Hollmann et al., "TabPFN: a transformer that solves small tabular classification problems in a second", 2023, section 4.)
/// </summary>
/// <param name="Classes">How many classes answers are; 0 for numbers.</param>
internal sealed record TablePrior(int Classes)
{
    private const int Hidden = 48, Kinds = 4;

    /// <summary>By how much rows are moved, in the deviations of a feature: what is asked later lies beside what is known.</summary>
    private const double Jitter = 0.1;

    private const double Least = 1e-6, Farthest = 6;

    /// <summary>Draws tables: of numbers, whose known ones have mean 0 and variance 1, or of classes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="points">Prepared inputs [n, features].</param>
    /// <param name="tables">How many.</param>
    /// <param name="rows">Rows of each, of which a quarter to all but an eighth are known.</param>
    public PriorTasks Draw(Key key, Tensor points, int tables, int rows)
    {
        var chosen = points.Take(Sample.Integers(key.Fold(0), [tables, rows], 0, points.Shape[0]));
        var inputs = chosen + Jitter * Sample.Normal(key.Fold(1), [tables, rows, points.Shape[1]]);
        var known = Tensor.Arange(rows) < Sample.Integers(key.Fold(2), [tables, 1], rows / 4, rows - rows / 8);
        var functions = Functions(key.Fold(3), inputs);
        return new(inputs, Classes > 0 ? Classified(key.Fold(4), functions) : Numbers(key.Fold(4), functions, known), known);
    }

    /// <summary>[tables, rows, features] gives [tables, rows, functions], each with mean 0 and variance 1 over its table.</summary>
    private Tensor Functions(Key key, Tensor inputs)
    {
        var (tables, features, count) = (inputs.Shape[0], inputs.Shape[2], Math.Max(1, Classes));
        Tensor Normal(int fold, params ReadOnlySpan<int> shape) => Sample.Normal(key.Fold(fold), Shape.Create(shape));
        // Each feature has a scale of its own, and those that a coin leaves out do not matter; each neuron has another frequency, and in half of the tables looks at few features.
        var matters = Tensor.Where(Coin(key.Fold(1), [tables, features, 1], 0.7), Tensor.Exp(0.7 * Normal(0, tables, features, 1)), 0.0);
        var looks = Coin(key.Fold(2), [tables, features, Hidden], 0.4) | Coin(key.Fold(3), [tables, 1, 1], 0.5);
        var weights = Tensor.Where(looks, Normal(4, tables, features, Hidden) * matters, 0.0);
        weights *= LogUniform(key.Fold(5), [tables, 1, 1], 0.3, 3) * Tensor.Exp(0.4 * Normal(6, tables, 1, Hidden)) * Tensor.Rsqrt(Tensor.Square(matters).Sum(1).ExpandDims(1) + Least);
        var waves = Tensor.MatMul(inputs, weights);
        var kind = Sample.Integers(key.Fold(7), [tables, 1, 1], 0, Kinds);
        var offset = Normal(8, tables, 1, Hidden);
        var hidden = Tensor.Where(Tensor.Equal(kind, 0), Tensor.Cos(waves + Math.PI * offset), Tensor.Where(Tensor.Equal(kind, 1), Tensor.Tanh(waves + offset),
            Tensor.Where(Tensor.Equal(kind, 2), Tensor.Relu(waves + offset), Tensor.Sign(waves + offset))));
        var second = Tensor.Tanh(Tensor.MatMul(hidden, 1.5 / Math.Sqrt(Hidden) * Normal(9, tables, Hidden, Hidden)) + 0.5 * Normal(10, tables, 1, Hidden));
        hidden = Tensor.Where(Coin(key.Fold(11), [tables, 1, 1], 0.4), second, hidden);
        var values = Tensor.MatMul(hidden, Normal(12, tables, Hidden, count));
        return (values - values.Mean(1).ExpandDims(1)) * Tensor.Rsqrt(values.Variance(1).ExpandDims(1) + Least);
    }

    /// <summary>With noise, standardised by what is known: [tables, rows].</summary>
    private static Tensor Numbers(Key key, Tensor functions, Tensor known)
    {
        var function = functions[.., .., 0];
        var noise = LogUniform(key.Fold(0), [function.Shape[0], 1], 0.01, 0.7);
        var values = function + noise * Sample.Normal(key.Fold(1), function.Shape);
        var weights = Tensor.Where(known, 1.0, 0.0).AsType(ElementType.Float32);
        weights /= weights.Sum(1).ExpandDims(1);
        values -= (weights * values).Sum(1).ExpandDims(1);
        return Tensor.Clamp(values * Tensor.Rsqrt((weights * Tensor.Square(values)).Sum(1).ExpandDims(1) + Least), -Farthest, Farthest);
    }

    /// <summary>The class whose function is largest, some classes being more frequent than others and chance having a part: i32 [tables, rows].</summary>
    private static Tensor Classified(Key key, Tensor functions)
    {
        var (tables, classes) = (functions.Shape[0], functions.Shape[2]);
        var chance = LogUniform(key.Fold(0), [tables, 1, 1], 0.01, 0.5);
        return (functions + 0.5 * Sample.Normal(key.Fold(1), [tables, 1, classes]) + chance * Sample.Gumbel(key.Fold(2), functions.Shape)).ArgMax(-1).AsType(ElementType.Int32);
    }

    private static Tensor LogUniform(Key key, Shape shape, double low, double high) => Tensor.Exp(Math.Log(low) + Math.Log(high / low) * Sample.Uniform(key, shape));

    private static Tensor Coin(Key key, Shape shape, double probability) => Sample.Uniform(key, shape) < probability;
}
