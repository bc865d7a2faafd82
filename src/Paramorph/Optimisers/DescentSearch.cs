namespace Paramorph.Optimisers;

/// <summary>
/// The search of a quasi-Newton method: from where it stands it goes along a direction as far as the strong Wolfe conditions allow, and turns. What it remembers of the curvature, and how that
/// turns a gradient into a direction, is the method's. Data of the loss, such as collocation points, may be exchanged on the way: the memory stays.
/// </summary>
/// <typeparam name="TModel">What is trained.</typeparam>
/// <typeparam name="TData">What the loss takes beside the model.</typeparam>
/// <typeparam name="TMemory">What is remembered of the curvature.</typeparam>
internal sealed class DescentSearch<TModel, TData, TMemory>
    where TModel : ITree<TModel>
    where TData : ITree<TData>
    where TMemory : ITree<TMemory>
{
    /// <summary>A model whose loss on new data is so many times that of the best model on the data that were new to it fits its points and nothing between them.</summary>
    private const double Leap = 1000;

    private readonly TModel start;
    private readonly Func<int, TMemory> forget;
    private readonly double precision;
    private readonly Func<TData, Place, Tensor, Tensor, (Place Place, Tensor Numbers)> probe;
    private readonly Func<TMemory, Place, Place, Tensor, (TMemory Memory, Tensor Direction, Tensor Slope)> turn;
    private readonly Func<TMemory, Tensor, Tensor> apply;
    private TData data;
    private Place place;
    private TMemory memory;
    private Tensor direction;
    private double slope;
    private bool isSteepest = true;
    private (Place Place, double Loss) trusted;

    /// <param name="model">Where to start.</param>
    /// <param name="data">What the loss is of at first.</param>
    /// <param name="loss">From a model and data to one real number; it is compiled.</param>
    /// <param name="forget">An empty memory for so many parameters.</param>
    /// <param name="turn">From memory, the last place, the present one and the direction between them to the next memory, direction and slope.</param>
    /// <param name="apply">The direction that a memory gives to a gradient.</param>
    public DescentSearch(
        TModel model, TData data, Func<TModel, TData, Tensor> loss, Func<int, TMemory> forget,
        Func<TMemory, Place, Place, Tensor, (TMemory Memory, Tensor Direction, Tensor Slope)> turn, Func<TMemory, Tensor, Tensor> apply)
    {
        (start, this.data, this.forget) = (model, data, forget);
        var vector = ParameterVector.Of(model).Evaluate();
        precision = Tree.Leaves(model).Any(leaf => leaf.ElementType.RealType() == ElementType.Float32) ? 1.2e-7 : 2.2e-16;
        probe = Compile.Of((TData data, Place place, Tensor direction, Tensor length) =>
        {
            var point = place.Point + length * direction;
            var (value, gradient) = ValueAndGradient.Of(ParameterVector.Model(model, point), model => loss(model, data));
            var next = new Place(point, ParameterVector.Of(gradient));
            return (next, Tensor.Stack([value.AsType(ElementType.Float64), (next.Gradient * direction).Sum(), Tensor.Abs(next.Gradient).Max()]));
        });
        // A memory may be a large matrix: the next one takes its place.
        this.turn = Compile.Of(turn, takesFirst: true);
        this.apply = Compile.Of(apply);
        direction = Tensor.ZerosLike(vector).Evaluate();
        memory = forget(vector.Count);
        place = new(vector, direction);
        Look();
        trusted = (place, Loss);
        Restart();
    }

    /// <summary>The loss here.</summary>
    public double Loss { get; private set; }

    /// <summary>The largest absolute component of the gradient here.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>How often the loss was computed.</summary>
    public int Evaluations { get; private set; }

    /// <summary>The model here.</summary>
    public TModel Model => Tree.Map(ParameterVector.Model(start, place.Point), leaf => leaf.Evaluate());

    /// <summary>One iteration; false when no lower loss is found, not even along the gradient.</summary>
    public bool Advance()
    {
        if (Step()) return true;
        if (isSteepest) return false;
        Restart();
        return Step();
    }

    /// <summary>Iterates until a rule says to stop.</summary>
    /// <param name="stop">The rule.</param>
    /// <param name="renew">Draws data anew for the model and the number of iterations so far, or null.</param>
    /// <param name="every">After how many iterations it does, and at the end.</param>
    public Minimum<TModel> Run(StoppingRule stop, Func<TModel, int, TData>? renew = null, int every = int.MaxValue)
    {
        var losses = new List<double> { Loss };
        StopReason? reason = double.IsFinite(Loss) && double.IsFinite(GradientNorm) ? null : StopReason.NotFinite;
        for (reason ??= stop.After(losses, GradientNorm); reason is null; reason ??= stop.After(losses, GradientNorm))
        {
            if (renew is not null && losses.Count > 1 && (losses.Count - 1) % every == 0)
            {
                Exchange(renew(Model, losses.Count - 1));
                losses[^1] = Loss;
            }
            if (Advance()) losses.Add(Loss);
            else reason = StopReason.NoProgress;
        }
        if (renew is not null && losses.Count > 1)
        {
            Exchange(renew(Model, losses.Count - 1));
            losses[^1] = Loss;
        }
        return new(Model, Loss, GradientNorm, losses, Evaluations, reason.Value);
    }

    /// <summary>
    /// Goes on with other data from here; what was learned of the curvature stays. A model that the other data show to be worthless is given up for the best that was judged so before.
    /// </summary>
    private void Exchange(TData next)
    {
        data = next;
        Look();
        if (!double.IsFinite(Loss) || trusted.Loss != 0 && Loss > Leap * Math.Abs(trusted.Loss))
        {
            place = trusted.Place;
            Look();
            Restart();
            return;
        }
        if (Loss < trusted.Loss) trusted = (place, Loss);
        direction = apply(memory, place.Gradient).Evaluate();
        slope = (direction * place.Gradient).Sum().Item();
        if (!(slope < 0)) Restart();
    }

    private bool Step()
    {
        var found = (Length: double.NaN, Place: place, Norm: 0.0);
        var search = new LineSearch(Look, new(0, Loss, slope), precision * Math.Abs(Loss));
        // The first step has no scale of its own: it is as long as the gradient allows without leaving a ball of radius 1.
        if (slope >= 0 || search.Find(isSteepest ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1) is not { } point) return false;
        if (found.Length != point.Length) Look(point.Length);
        if (point.Loss > Loss) return false;
        (memory, direction, var newSlope) = turn(memory, place, found.Place, direction);
        (place, Loss, GradientNorm, slope, isSteepest) = (found.Place, point.Loss, found.Norm, newSlope.Item(), false);
        return true;

        LinePoint Look(double length)
        {
            try
            {
                var (next, numbers) = Probe(length);
                found = (length, next, numbers[2]);
                return new(length, numbers[0], numbers[1]);
            }
            catch (EvaluationException)
            {
                // Too long a step may lead to where there is no loss, as where a matrix that is factored is not positive definite: the search goes on nearer by.
                return new(length, double.PositiveInfinity, double.NaN);
            }
        }
    }

    /// <summary>The loss and the gradient here.</summary>
    private void Look()
    {
        (place, var numbers) = Probe(0);
        (Loss, GradientNorm) = (numbers[0], numbers[2]);
    }

    private void Restart()
    {
        memory = forget(place.Point.Count);
        direction = (-place.Gradient).Evaluate();
        slope = -Tensor.Square(place.Gradient).Sum().Item();
        isSteepest = true;
    }

    private (Place Place, double[] Numbers) Probe(double length)
    {
        Evaluations++;
        var (next, numbers) = probe(data, place, direction, Tensor.Scalar(length));
        return (next, numbers.ToDoubles());
    }
}
