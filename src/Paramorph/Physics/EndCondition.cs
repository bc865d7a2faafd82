namespace Paramorph.Physics;

/// <summary>What is known of a field u(x, t) at the ends of an interval.</summary>
public abstract record EndCondition
{
    /// <summary>u is 0 at both ends.</summary>
    public static EndCondition Zero { get; } = new Vanishing();

    /// <summary>u and u_x are the same at both ends.</summary>
    public static EndCondition Periodic { get; } = new Wrapped();

    /// <summary>The mean squared error at some times.</summary>
    /// <param name="u">The field, from points [n, 2] to [n, 1].</param>
    /// <param name="left">Left end.</param>
    /// <param name="right">Right end.</param>
    /// <param name="t">The times: [n, 1].</param>
    public abstract Tensor Loss(Func<Tensor, Tensor> u, double left, double right, Tensor t);

    private static Tensor At(double x, Tensor t) => Tensor.Concatenate([Tensor.OnesLike(t) * x, t], 1);

    private sealed record Vanishing : EndCondition
    {
        public override Tensor Loss(Func<Tensor, Tensor> u, double left, double right, Tensor t) =>
            (Tensor.Square(u(At(left, t))) + Tensor.Square(u(At(right, t)))).Mean();
    }

    private sealed record Wrapped : EndCondition
    {
        public override Tensor Loss(Func<Tensor, Tensor> u, double left, double right, Tensor t)
        {
            var direction = Tensor.From(1.0, 0.0).AsType(t.ElementType);
            var (first, last) = (Taylor.Derivatives(At(left, t), direction, 1, u), Taylor.Derivatives(At(right, t), direction, 1, u));
            return (Tensor.Square(first[0] - last[0]) + Tensor.Square(first[1] - last[1])).Mean();
        }
    }
}
