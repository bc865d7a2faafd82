namespace Paramorph.Optimisers;

/// <summary>
/// A quasi-Newton method that keeps the whole inverse Hessian, with a line search for the strong Wolfe conditions: for losses without noise of up to a few thousand parameters, where it goes
/// much farther than <see cref="Lbfgs"/>. Self-scaled updates suit the badly conditioned losses of physics-informed networks. (Urbán, Stefanou and Pons, "Unveiling the optimization process of
/// physics informed neural networks: How accurate and competitive can PINNs be?", 2025, Eqs. 8 to 23.) Vectors are kept in double precision whatever the model's.
/// </summary>
/// <param name="Update">How a step is taken into the inverse Hessian.</param>
/// <param name="Stop">When it stops; by default <see cref="StoppingRule"/> as it is.</param>
public sealed partial record QuasiNewton(QuasiNewtonUpdate Update = QuasiNewtonUpdate.SelfScaledBroyden, StoppingRule? Stop = null)
{
    /// <summary>Looks for the minimum of a loss from a model on.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="loss">From a model to one real number; it is compiled.</param>
    /// <exception cref="TransformException">The loss is not one real number.</exception>
    /// <exception cref="TreeException">The model has no leaf to train.</exception>
    public Minimum<TModel> Minimise<TModel>(TModel model, Func<TModel, Tensor> loss)
        where TModel : ITree<TModel> => Start<TModel, TreeList<Tensor>>(model, [], (model, _) => loss(model)).Run(Stop ?? new StoppingRule());

    /// <summary>
    /// Looks for the minimum of a loss whose data are drawn anew on the way; what was learned of the curvature stays. Where a model's loss on new data is a thousand times that of the best
    /// model on the data that were new to it, the search goes back to that one: the model fitted its points and nothing between them.
    /// </summary>
    /// <param name="model">Where to start.</param>
    /// <param name="draw">Data for the present model and the number of iterations so far; of the same shapes each time. It is asked at the start, on the way and at the end.</param>
    /// <param name="every">After how many iterations data are drawn, 1 or more.</param>
    /// <param name="loss">From a model and data to one real number; it is compiled.</param>
    /// <returns>The last model; its losses are of the data of their time, and the last of each data set is that on the next one.</returns>
    /// <inheritdoc cref="Minimise{TModel}(TModel, Func{TModel, Tensor})"/>
    public Minimum<TModel> Minimise<TModel, TData>(TModel model, Func<TModel, int, TData> draw, int every, Func<TModel, TData, Tensor> loss)
        where TModel : ITree<TModel>
        where TData : ITree<TData> => Start(model, draw(model, 0), loss).Run(Stop ?? new StoppingRule(), draw, every);

    private DescentSearch<TModel, TData, Curvature> Start<TModel, TData>(TModel model, TData data, Func<TModel, TData, Tensor> loss)
        where TModel : ITree<TModel>
        where TData : ITree<TData> => new(model, data, loss, Empty, Turn, (curvature, gradient) => -curvature.Inverse.Dot(gradient));

    /// <summary>What is known of the curvature.</summary>
    /// <param name="Inverse">The inverse Hessian: f64[n, n].</param>
    /// <param name="Steps">How many steps it knows of: 0 or 1, for more.</param>
    [Tree]
    internal sealed partial record Curvature(Tensor Inverse, Tensor Steps);

    private static Curvature Empty(int parameters) => new(Tensor.Eye(parameters, ElementType.Float64).Evaluate(), Tensor.Scalar(0.0));

    /// <summary>
    /// The inverse Hessian H after a step s with a change y of the gradient: (H - H y yᵀ H / yᵀHy + phi yᵀHy v vᵀ) / tau + s sᵀ / yᵀs with v = s / yᵀs - H y / yᵀHy. Directions are d = -H g.
    /// </summary>
    private (Curvature Curvature, Tensor Direction, Tensor Slope) Turn(Curvature curvature, Place before, Place after, Tensor along)
    {
        var (inverse, s, y) = (curvature.Inverse, after.Point - before.Point, after.Gradient - before.Gradient);
        var ys = (y * s).Sum();
        var isGood = ys > 1e-14 * Tensor.Square(y).Sum();
        var isFirst = curvature.Steps < 0.5;
        // Before the first step H knows no scale: Nocedal and Wright, Eq. 6.20.
        var unit = Tensor.Where(isFirst, Safe(ys, isGood) / Safe(Tensor.Square(y).Sum(), isGood), 1.0);
        var applied = unit * inverse.Dot(after.Gradient);
        var hy = Tensor.Where(isFirst, unit * y, applied + along);
        var (yhy, rho) = (Safe((y * hy).Sum(), isGood), 1.0 / Safe(ys, isGood));
        // s = -length H g, so that sᵀ H⁻¹ s = -length sᵀg.
        var length = Tensor.Sqrt(Tensor.Square(s).Sum() / Tensor.Square(along).Sum());
        var b = rho * Tensor.Where(isFirst, Tensor.Square(s).Sum() / unit, -length * (s * before.Gradient).Sum());
        var (tau, phi) = Scales(b, yhy * rho, s.Count, isFirst);
        // Gathered by H y and s, with all that is one number in front, a turn is two multiplications and additions for each element beside one for H.
        Tensor If(Tensor factor) => Tensor.Where(isGood, factor, 0.0);
        var (kept, own, mixed, step) = (Tensor.Where(isGood, 1.0 / tau, 1.0), If((phi - 1.0) / (yhy * tau)), If(-phi * rho / tau), If(phi * yhy * rho * rho / tau + rho));
        var next = kept * unit * inverse + hy.ExpandDims(1) * (own * hy + mixed * s) + s.ExpandDims(1) * (mixed * hy + step * s);
        var (alongHy, alongS) = ((hy * after.Gradient).Sum(), (s * after.Gradient).Sum());
        var direction = -(kept * applied + hy * (own * alongHy + mixed * alongS) + s * (mixed * alongHy + step * alongS));
        return (new(next, Tensor.Where(isGood, 1.0, curvature.Steps)), direction, (direction * after.Gradient).Sum());
    }

    /// <summary>tau and phi of the update; of plain BFGS both are 1.</summary>
    /// <param name="b">sᵀH⁻¹s / yᵀs.</param>
    /// <param name="h">yᵀHy / yᵀs.</param>
    /// <param name="parameters">n.</param>
    /// <param name="isFirst">Whether H is a multiple of the identity, which has its scale already.</param>
    private (Tensor Tau, Tensor Phi) Scales(Tensor b, Tensor h, int parameters, Tensor isFirst)
    {
        var one = Tensor.OnesLike(b);
        if (Update == QuasiNewtonUpdate.Bfgs) return (one, one);
        var shrinking = Tensor.Where(isFirst, one, Tensor.Minimum(1.0, 1.0 / b));
        if (Update == QuasiNewtonUpdate.SelfScaledBfgs) return (shrinking, one);
        // a = b h - 1 is not negative, by Cauchy and Schwarz; where it vanishes all members of the family agree.
        var a = Tensor.Maximum(b * h - 1.0, 1e-14);
        var low = Tensor.Minimum(1.0, h * (1.0 - Tensor.Sqrt(a / (1.0 + a))));
        var theta = Tensor.Maximum((low - 1.0) / a, Tensor.Minimum(1.0 / low, (1.0 - b) / b));
        var sigma = 1.0 + theta * a;
        var root = Tensor.Exp(Tensor.Log(Tensor.Abs(sigma)) / (1.0 - Math.Max(2, parameters)));
        var tau = Tensor.Where(theta > 0.0, shrinking * Tensor.Minimum(root, 1.0 / Tensor.Where(theta > 0.0, theta, one)), Tensor.Minimum(shrinking * root, sigma));
        return (Tensor.Where(isFirst, h / sigma, tau), (1.0 - theta) / sigma);
    }

    private static Tensor Safe(Tensor x, Tensor isGood) => Tensor.Where(isGood, x, Tensor.OnesLike(x));
}
