namespace Paramorph.Optimisers;

/// <summary>
/// The limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno, with a line search for the strong Wolfe conditions: for a loss without
/// noise, such as that of all data or of fixed collocation points. (Liu and Nocedal, "On the limited memory BFGS method", 1989; Nocedal and Wright,
/// "Numerical Optimization", 2006, Algorithm 7.4.) Vectors are kept in double precision whatever the model's.
/// </summary>
/// <param name="Memory">How many of the last steps shape the next direction, 1 or more.</param>
/// <param name="Stop">When it stops; by default <see cref="StoppingRule"/> as it is.</param>
public sealed partial record Lbfgs(int Memory = 10, StoppingRule? Stop = null)
{
    /// <summary>Looks for the minimum of a loss from a model on.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="loss">From a model to one real number; it is compiled.</param>
    /// <exception cref="TransformException">The loss is not one real number.</exception>
    /// <exception cref="TreeException">The model has no leaf to train.</exception>
    public Minimum<TModel> Minimise<TModel>(TModel model, Func<TModel, Tensor> loss)
        where TModel : ITree<TModel>
    {
        var stop = Stop ?? new StoppingRule();
        var search = new Search<TModel>(Memory, model, loss);
        var losses = new List<double> { search.Loss };
        StopReason? reason = double.IsFinite(search.Loss) && double.IsFinite(search.GradientNorm) ? null : StopReason.NotFinite;
        for (reason ??= stop.After(losses, search.GradientNorm); reason is null; reason ??= stop.After(losses, search.GradientNorm))
        {
            if (search.Advance()) losses.Add(search.Loss);
            else reason = StopReason.NoProgress;
        }
        return new(search.Model, search.Loss, search.GradientNorm, losses, search.Evaluations, reason.Value);
    }

    /// <summary>What two-loop recursion remembers.</summary>
    /// <param name="Steps">s of the last steps, the newest last: f64[memory, n], zeros where there is none.</param>
    /// <param name="Changes">y, the changes of the gradient: f64[memory, n].</param>
    /// <param name="Inverses">1 / (s · y), zeros where there is none: f64[memory].</param>
    [Tree]
    internal sealed partial record History(Tensor Steps, Tensor Changes, Tensor Inverses);

    /// <summary>A point with its gradient, both f64[n].</summary>
    [Tree]
    internal sealed partial record Place(Tensor Point, Tensor Gradient);

    private sealed class Search<TModel>
        where TModel : ITree<TModel>
    {
        private readonly TModel start;
        private readonly double precision;
        private readonly Func<Place, Tensor, Tensor, (Place Place, Tensor Numbers)> probe;
        private readonly Func<History, Place, Place, (History History, Tensor Direction, Tensor Slope)> turn;
        private Place place;
        private History history;
        private Tensor direction;
        private double slope;
        private bool isSteepest = true;

        public Search(int memory, TModel model, Func<TModel, Tensor> loss)
        {
            start = model;
            var vector = ParameterVector.Of(model).Evaluate();
            precision = Tree.Leaves(model).Any(leaf => leaf.ElementType.RealType() == ElementType.Float32) ? 1.2e-7 : 2.2e-16;
            probe = Compile.Of((Place place, Tensor direction, Tensor length) =>
            {
                var point = place.Point + length * direction;
                var (value, gradient) = ValueAndGradient.Of(ParameterVector.Model(model, point), loss);
                var next = new Place(point, ParameterVector.Of(gradient));
                return (next, Tensor.Stack([value.AsType(ElementType.Float64), (next.Gradient * direction).Sum(), Tensor.Abs(next.Gradient).Max()]));
            });
            turn = Compile.Of<History, Place, Place, History, Tensor, Tensor>(Turn);
            history = new(Tensor.Zeros([memory, vector.Count], ElementType.Float64), Tensor.Zeros([memory, vector.Count], ElementType.Float64), Tensor.Zeros([memory], ElementType.Float64));
            direction = Tensor.ZerosLike(vector);
            place = new(vector, direction);
            (place, var numbers) = Probe(0);
            (Loss, GradientNorm) = (numbers[0], numbers[2]);
            Restart();
        }

        public double Loss { get; private set; }

        public double GradientNorm { get; private set; }

        public int Evaluations { get; private set; }

        public TModel Model => Tree.Map(ParameterVector.Model(start, place.Point), leaf => leaf.Evaluate());

        /// <summary>One iteration; false when no lower loss is found, not even along the gradient.</summary>
        public bool Advance()
        {
            if (Step()) return true;
            if (isSteepest) return false;
            Restart();
            return Step();
        }

        private bool Step()
        {
            var found = (Length: double.NaN, Place: place, Norm: 0.0);
            var search = new LineSearch(Look, new(0, Loss, slope), precision * Math.Abs(Loss));
            // The first step has no scale of its own: it is as long as the gradient allows without leaving a ball of radius 1.
            if (slope >= 0 || search.Find(isSteepest ? Math.Min(1, 1 / Math.Sqrt(-slope)) : 1) is not { } point) return false;
            if (found.Length != point.Length) Look(point.Length);
            if (point.Loss > Loss) return false;
            (history, direction, var newSlope) = turn(history, place, found.Place);
            (place, Loss, GradientNorm, slope, isSteepest) = (found.Place, point.Loss, found.Norm, newSlope.Item(), false);
            return true;

            LinePoint Look(double length)
            {
                var (next, numbers) = Probe(length);
                found = (length, next, numbers[2]);
                return new(length, numbers[0], numbers[1]);
            }
        }

        private void Restart()
        {
            history = Tree.Map(history, Tensor.ZerosLike);
            direction = (-place.Gradient).Evaluate();
            slope = -Tensor.Square(place.Gradient).Sum().Item();
            isSteepest = true;
        }

        private (Place Place, double[] Numbers) Probe(double length)
        {
            Evaluations++;
            var (next, numbers) = probe(place, direction, Tensor.Scalar(length));
            return (next, numbers.ToDoubles());
        }

        /// <summary>Takes a step into the memory, unless its curvature is not positive, and multiplies the new gradient with the inverse Hessian that the memory stands for.</summary>
        private static (History History, Tensor Direction, Tensor Slope) Turn(History history, Place before, Place after)
        {
            var (step, change) = (after.Point - before.Point, after.Gradient - before.Gradient);
            var curvature = (step * change).Sum();
            var isGood = curvature > 1e-14 * Tensor.Square(change).Sum();
            var inverse = 1.0 / Tensor.Where(isGood, curvature, 1.0);
            var steps = Tensor.Where(isGood, Pushed(history.Steps, step), history.Steps);
            var changes = Tensor.Where(isGood, Pushed(history.Changes, change), history.Changes);
            var inverses = Tensor.Where(isGood, Pushed(history.Inverses, inverse), history.Inverses);

            var memory = inverses.Count;
            var direction = -after.Gradient;
            var weights = new Tensor[memory];
            for (var i = memory - 1; i >= 0; i--)
            {
                weights[i] = inverses[i] * (steps[i] * direction).Sum();
                direction -= weights[i] * changes[i];
            }
            // The newest step gives the scale (Nocedal and Wright, Eq. 7.20).
            var square = Tensor.Square(changes[^1]).Sum();
            direction *= Tensor.Where(square > 0.0, (steps[^1] * changes[^1]).Sum() / Tensor.Where(square > 0.0, square, 1.0), 1.0);
            for (var i = 0; i < memory; i++) direction += (weights[i] - inverses[i] * (changes[i] * direction).Sum()) * steps[i];
            return (new(steps, changes, inverses), direction, (direction * after.Gradient).Sum());
        }

        private static Tensor Pushed(Tensor rows, Tensor row) => Tensor.Concatenate([rows[1..], row.ExpandDims(0)]);
    }
}
