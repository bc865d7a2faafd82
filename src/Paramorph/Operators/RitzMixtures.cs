using Paramorph.Data.Solvers;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Operators;

/// <summary>
/// What networks learn the inverse of a matrix from, without any solution: random mixtures of Ritz vectors as residuals. (Kaneda et al., "A deep conjugate direction method for iteratively solving linear
/// systems", 2023, section 4.)
/// </summary>
/// <param name="Matrix">The matrix, f32.</param>
/// <param name="IsFree">1 outside of walls, 0 in them: f32 [rows, columns].</param>
/// <param name="Vectors">Ritz vectors: f32 [vectors, cells].</param>
/// <param name="Values">Their Ritz values: f32 [vectors].</param>
[Tree]
public sealed partial record RitzMixtures(FivePointMatrix Matrix, Tensor IsFree, Tensor Vectors, Tensor Values)
{
    /// <summary>The Ritz vectors of a matrix by Lanczos' method.</summary>
    /// <param name="matrix">The matrix, f64.</param>
    /// <param name="isFree">1 outside of walls, 0 in them: [rows, columns].</param>
    /// <param name="start">Where Lanczos' method starts: f64 [rows, columns].</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ShapeException">There are more of them than cells.</exception>
    public static RitzMixtures Of(FivePointMatrix matrix, Tensor isFree, Tensor start, int count)
    {
        if (count > isFree.Count) throw new ShapeException($"{count} Ritz vectors are too many for a domain of {isFree.Count} cells.");
        var (values, vectors) = Lanczos.RitzVectors(matrix, start, count);
        static Tensor Single(Tensor x) => x.AsType(ElementType.Float32).Evaluate();
        return new(Tree.Map(matrix, Single), Single(isFree), Single(vectors.Reshape(count, isFree.Count)), Single(values));
    }

    /// <summary>
    /// What trains a network on all domains at once: |r - a A f(r)|² / |r|² with the step a that makes it least, over random residuals r, by Adam with a rate that rises and falls once.
    /// </summary>
    /// <param name="rate">The highest learning rate.</param>
    /// <param name="steps">Steps of training.</param>
    /// <param name="batch">Residuals of each domain in a step.</param>
    /// <param name="call">The network: from residuals [batch, rows, columns] and where cells are free to directions.</param>
    public static Trainer<TNetwork, TreeList<RitzMixtures>> Trainer<TNetwork>(double rate, int steps, int batch, Func<TNetwork, Tensor, Tensor, Tensor> call)
        where TNetwork : ITree<TNetwork> => new(
            new ClippedByNorm(new Adam(Schedule.OneCycle(rate, steps)), 1),
            (network, domains, key) => domains.Select((domain, i) => domain.Loss(residual => call(network, residual, domain.IsFree), key.Fold(i), batch)).Aggregate((a, b) => a + b) / domains.Count);

    /// <summary>
    /// Residuals of root mean square 1. The original gives Ritz vectors of the lower half of the spectrum nine times the weight; here each mixture is of wavelengths around one that is drawn, with a little of
    /// all others, so that few mixtures show all.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, rows, columns].</returns>
    public Tensor Draw(Key key, int count)
    {
        const double Spread = 1.5, Rest = 0.03;
        var logarithms = Tensor.Log(Values);
        var (low, high) = (logarithms.Min(), logarithms.Max());
        var centre = low + (high - low) * Sample.Uniform(key.Fold(1), [count, 1], 0, 1);
        var weights = Tensor.Exp(-0.5 * Tensor.Square((logarithms - centre) / Spread)) + Rest;
        var mixture = (Sample.Normal(key.Fold(0), [count, Values.Count]) * weights).Dot(Vectors).Reshape(count, IsFree.Shape[0], IsFree.Shape[1]);
        return mixture / Tensor.Sqrt(Product(mixture, mixture) / IsFree.Count);
    }

    private Tensor Loss(Func<Tensor, Tensor> network, Key key, int batch)
    {
        var residual = Draw(key, batch);
        var image = Matrix.Apply(network(residual) * IsFree);
        var step = Product(residual, image) / Product(image, image);
        return Tensor.Square(residual - step * image).Mean();
    }

    private static Tensor Product(Tensor a, Tensor b) => (a * b).Sum(1, 2).Reshape(a.Shape[0], 1, 1);
}
