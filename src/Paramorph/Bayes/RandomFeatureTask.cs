using Paramorph.Data;

namespace Paramorph.Bayes;

/// <summary>
/// Regressions on random features whose kernel has a known spectrum, so that <see cref="RandomFeatureRisk"/> predicts their risk: what is learned is a sum of eigenfunctions of the kernel, with noise.
/// </summary>
/// <param name="Eigenvalues">Of the kernel to which products of features come near, an eigenfunction each.</param>
/// <param name="Squares">The squared coefficients of the target in the eigenfunctions.</param>
/// <param name="Noise">The variance of the noise of targets.</param>
/// <param name="Draw">
/// From a key, a number of samples and of features to f64 features [samples, features] and targets [samples], and the same of other examples, that judge. A product of features is to be averaged over
/// them to be the kernel.
/// </param>
public sealed record RandomFeatureTask(
    IReadOnlyList<double> Eigenvalues, IReadOnlyList<double> Squares, double Noise, Func<Key, int, int, (Tensor Features, Tensor Targets, Tensor Tests, Tensor Truth)> Draw)
{
    private const double LeastEigenvalue = 1e-14;

    /// <summary>Independent normal eigenfunctions whose eigenvalues, and the target's squared coefficients, fall as powers of their number; both add up to 1.</summary>
    /// <param name="modes">Eigenfunctions.</param>
    /// <param name="eigenvalues">The power by which eigenvalues fall.</param>
    /// <param name="squares">The power by which squared coefficients fall.</param>
    /// <param name="noise">The variance of the noise.</param>
    /// <param name="tests">Examples that judge.</param>
    public static RandomFeatureTask Powers(int modes, double eigenvalues, double squares, double noise, int tests)
    {
        double[] Falling(double power)
        {
            double[] values = [.. Enumerable.Range(1, modes).Select(i => Math.Pow(i, -power))];
            return [.. values.Select(value => value / values.Sum())];
        }
        var (spectrum, parts) = (Falling(eigenvalues), Falling(squares));
        var (roots, target) = (Tensor.Sqrt(Tensor.From(spectrum)), Tensor.Sqrt(Tensor.From(parts)));
        return new(spectrum, parts, noise, (key, samples, features) => Drawn(key, samples, tests, noise, (keys, count) =>
        {
            var eigenfunctions = Sample.Normal(keys.Fold(0), [count, modes], ElementType.Float64);
            return (Tensor.MatMul(eigenfunctions * roots, Sample.Normal(key.Fold(2), [modes, features], ElementType.Float64)), eigenfunctions.Dot(target));
        }));
    }

    /// <summary>Rectifiers of uniform points on the unit sphere with normal weights and biases; of each degree the harmonic of the first coordinate is learned.</summary>
    /// <param name="dimensions">Coordinates of a point.</param>
    /// <param name="degrees">Degrees of the spectrum.</param>
    /// <param name="squares">The target's squared coefficient of each degree from 0 on.</param>
    /// <param name="noise">The variance of the noise.</param>
    /// <param name="tests">Points that judge.</param>
    public static RandomFeatureTask Sphere(int dimensions, int degrees, double[] squares, double noise, int tests)
    {
        // The kernel of the features is the covariance of outputs without their biases.
        var (wide, start) = (Rectifiers(dimensions), Tensor.Eye(dimensions, ElementType.Float64)[..1]);
        var values = ZonalSpectrum.Eigenvalues(
            cosine => wide.Covariance(start, Tensor.Stack([cosine, Tensor.Sqrt(1.0 - cosine * cosine), .. Enumerable.Repeat(Tensor.ZerosLike(cosine), dimensions - 2)], -1))[0] - wide.BiasVariance, dimensions, degrees);
        // The polynomial of the first coordinate is 1 / √multiplicity long.
        double[] Each(Func<int, int, double> of) => [.. Enumerable.Range(0, degrees).SelectMany(degree => Enumerable.Range(0, checked((int)ZonalSpectrum.Multiplicity(degree, dimensions))).Select(which => of(degree, which)))];
        return new(Each((degree, _) => Math.Max(values[degree], LeastEigenvalue)), Each((degree, which) => which == 0 && degree < squares.Length ? squares[degree] : 0), noise, (key, samples, features) => Drawn(key, samples, tests, noise, (keys, count) =>
        {
            var points = Sample.Normal(keys.Fold(0), [count, dimensions], ElementType.Float64);
            points /= Tensor.Sqrt(Tensor.Square(points).Sum(-1)).ExpandDims(-1);
            var target = squares.Select((square, degree) => Math.Sqrt(square * ZonalSpectrum.Multiplicity(degree, dimensions)) * ZonalSpectrum.Polynomial(degree, dimensions, points[.., 0]));
            return (Rectified(key, points, features), target.Aggregate((a, b) => a + b));
        }));
    }

    /// <summary>Rectifiers of a pool of examples: means are over the pool, whose kernel matrix has the spectrum, and what is not learned from judges.</summary>
    /// <param name="inputs">f64 [n, inputs]; they are centred, and of unit length in the mean.</param>
    /// <param name="targets">f64 [n].</param>
    public static RandomFeatureTask OfPool(Tensor inputs, Tensor targets)
    {
        var pool = inputs.Shape[0];
        var centred = inputs - inputs.Mean(0);
        var scaled = (centred / Tensor.Sqrt(Tensor.Square(centred).Sum(-1).Mean())).Evaluate();
        var wide = Rectifiers(inputs.Shape[1]);
        var (values, vectors) = LinearAlgebra.Eigh(Compile.Of((Tensor x) => wide.Covariance(x, x) - wide.BiasVariance)(scaled));
        double[] squares = [.. targets.Dot(vectors).ToDoubles().Select(product => product * product / pool)];
        return new([.. values.ToDoubles().Select(value => Math.Max(value / pool, LeastEigenvalue))], squares, 0, (key, samples, features) =>
        {
            var order = Tensor.From(new KeyRandom(key.Fold(0)).Permutation(pool));
            var (hidden, answers) = (Rectified(key, scaled, features).Take(order).Evaluate(), targets.Take(order).Evaluate());
            return (hidden[..samples].Evaluate(), answers[..samples].Evaluate(), hidden[samples..].Evaluate(), answers[samples..].Evaluate());
        });
    }

    /// <summary>One hidden layer of rectifiers, whose weights and biases have unit variance on inputs of unit length.</summary>
    private static WideNetwork Rectifiers(int inputs) => new(DualActivation.Relu, 1) { InputVariance = inputs, BiasVariance = 1 };

    private static Tensor Rectified(Key key, Tensor x, int features) => Tensor.Relu(
        Tensor.MatMul(x, Sample.Normal(key.Fold(2), [x.Shape[1], features], ElementType.Float64)) + Sample.Normal(key.Fold(3), [features], ElementType.Float64));

    private static (Tensor Features, Tensor Targets, Tensor Tests, Tensor Truth) Drawn(Key key, int samples, int tests, double noise, Func<Key, int, (Tensor Features, Tensor Target)> draw)
    {
        (Tensor Features, Tensor Target) Noisy(Key keys, int count)
        {
            var (features, target) = draw(keys, count);
            return (features.Evaluate(), (target + Math.Sqrt(noise) * Sample.Normal(keys.Fold(9), [count], ElementType.Float64)).Evaluate());
        }
        var (known, asked) = (Noisy(key.Fold(0), samples), Noisy(key.Fold(1), tests));
        return (known.Features, known.Target, asked.Features, asked.Target);
    }
}
