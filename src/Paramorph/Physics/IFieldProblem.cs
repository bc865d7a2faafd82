namespace Paramorph.Physics;

/// <summary>A differential equation in two coordinates that a field is to solve, with a loss to train by and a solution to judge by.</summary>
public interface IFieldProblem
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>The lower corner of the box where it holds: two coordinates.</summary>
    Sequence<double> Low { get; }

    /// <summary>The upper corner.</summary>
    Sequence<double> High { get; }

    /// <summary>The mean of the squared residual at points drawn evenly at random, plus the errors where the field is known.</summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1], row by row.</param>
    /// <param name="key">Where points are drawn.</param>
    /// <param name="points">How many inside the box.</param>
    /// <param name="type">f32 or f64.</param>
    Tensor Loss(Func<Tensor, Tensor> u, Key key, int points, ElementType type = ElementType.Float32);

    /// <summary>|u - solution| / |solution| in the mean square over a grid.</summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1]; pass a compiled function.</param>
    double RelativeError(Func<Tensor, Tensor> u);
}
