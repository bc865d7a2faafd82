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
        where TModel : ITree<TModel> => Start<TModel, TreeList<Tensor>>(model, [], (model, _) => loss(model)).Run(Stop ?? new StoppingRule());

    /// <summary>Looks for the minimum of a loss until a time is over, if nothing else stops it. The clock starts behind the first iteration, which waits for the compiler.</summary>
    /// <param name="model">Where to start.</param>
    /// <param name="loss">From a model to one real number; it is compiled.</param>
    /// <param name="time">The time.</param>
    /// <inheritdoc cref="Minimise{TModel}(TModel, Func{TModel, Tensor})"/>
    public Minimum<TModel> Minimise<TModel>(TModel model, Func<TModel, Tensor> loss, TimeSpan time)
        where TModel : ITree<TModel>
    {
        var rule = Stop ?? new StoppingRule();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(rule.Cancellation);
        var timed = rule with
        {
            Cancellation = stop.Token,
            Progress = (iteration, value) =>
            {
                if (iteration == 1) stop.CancelAfter(time);
                rule.Progress?.Invoke(iteration, value);
            },
        };
        return (this with { Stop = timed }).Minimise(model, loss);
    }

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

    private DescentSearch<TModel, TData, History> Start<TModel, TData>(TModel model, TData data, Func<TModel, TData, Tensor> loss)
        where TModel : ITree<TModel>
        where TData : ITree<TData> => new(model, data, loss, Empty, Turn, Applied);

    /// <summary>What two-loop recursion remembers.</summary>
    /// <param name="Steps">s of the last steps, the newest last: f64[memory, n], zeros where there is none.</param>
    /// <param name="Changes">y, the changes of the gradient: f64[memory, n].</param>
    /// <param name="Inverses">1 / (s · y), zeros where there is none: f64[memory].</param>
    [Tree]
    internal sealed partial record History(Tensor Steps, Tensor Changes, Tensor Inverses);

    private History Empty(int parameters) =>
        new(Tensor.Zeros([Memory, parameters], ElementType.Float64), Tensor.Zeros([Memory, parameters], ElementType.Float64), Tensor.Zeros([Memory], ElementType.Float64));

    /// <summary>Takes a step into the memory, unless its curvature is not positive.</summary>
    private static (History History, Tensor Direction, Tensor Slope) Turn(History history, Place before, Place after, Tensor along)
    {
        var (step, change) = (after.Point - before.Point, after.Gradient - before.Gradient);
        var curvature = (step * change).Sum();
        var isGood = curvature > 1e-14 * Tensor.Square(change).Sum();
        var inverse = 1.0 / Tensor.Where(isGood, curvature, 1.0);
        var steps = Tensor.Where(isGood, Pushed(history.Steps, step), history.Steps);
        var changes = Tensor.Where(isGood, Pushed(history.Changes, change), history.Changes);
        var inverses = Tensor.Where(isGood, Pushed(history.Inverses, inverse), history.Inverses);
        var next = new History(steps, changes, inverses);
        var direction = Applied(next, after.Gradient);
        return (next, direction, (direction * after.Gradient).Sum());
    }

    /// <summary>Minus the product of a gradient with the inverse Hessian that the memory stands for.</summary>
    private static Tensor Applied(History history, Tensor gradient)
    {
        var ((steps, changes, inverses), direction) = (history, -gradient);
        var memory = inverses.Count;
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
        return direction;
    }

    private static Tensor Pushed(Tensor rows, Tensor row) => Tensor.Concatenate([rows[1..], row.ExpandDims(0)]);
}
