namespace Paramorph;

/// <content>Truth values, integers, orders.</content>
public static partial class Sample
{
    /// <summary>From this rate on Poisson numbers are drawn by transformed rejection, below by summing probabilities.</summary>
    private const double LargeRate = 10;

    /// <summary>True with a probability, broadcast to the shape; the shape is that of the probability when null.</summary>
    public static Tensor Bernoulli(Key key, Tensor probability, Shape? shape = null)
    {
        var p = Floating(probability);
        return Tensor.Less(Uniform(key, shape ?? p.Shape, type: p.ElementType), p);
    }

    /// <summary>-1 or 1 with equal probability.</summary>
    public static Tensor Rademacher(Key key, Shape shape, ElementType type = ElementType.Float32) => ((Bits(key, shape) >>> 31) * 2 - 1).AsType(type);

    /// <summary>
    /// Integers 0 to n - 1 with probabilities proportional to exp(logits), by the largest of logits with Gumbel noise: logits [..., n] give i32
    /// [leading..., ...].
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="logits">Logarithms of weights; -inf never comes.</param>
    /// <param name="leading">How many are drawn for each distribution; one when empty.</param>
    public static Tensor Categorical(Key key, Tensor logits, Shape leading = default)
    {
        var x = Floating(logits);
        if (x.Rank == 0) throw new ShapeException($"categorical: {logits.Type} has no axis of choices: logits are [..., n].");
        return (x + Gumbel(key, [.. leading, .. x.Shape], x.ElementType)).ArgMax(-1);
    }

    /// <summary>
    /// Uniform integers in [low, high), from 63 bits: no integer is more probable than another by more than 2^-31 of it for an i32.
    /// </summary>
    /// <exception cref="ShapeException">The interval is empty, wider than 63 bits, or not within the type.</exception>
    public static Tensor Integers(Key key, Shape shape, long low, long high, ElementType type = ElementType.Int32)
    {
        if (high <= low) throw new ShapeException($"integers: there is none in [{low}, {high}): the upper bound must be larger.");
        if (high - low <= 0) throw new ShapeException($"integers: [{low}, {high}) is wider than 63 bits.");
        var (lowest, highest) = type switch
        {
            ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.Int32 => (int.MinValue, int.MaxValue),
            _ => (long.MinValue, long.MaxValue),
        };
        if (low < lowest || high - 1 > highest) throw new ShapeException($"integers: {type.ShortName()} does not hold all of [{low}, {high}).");
        return ((Bits(key, shape, ElementType.Int64) >>> 1) % Tensor.Scalar(high - low) + low).AsType(type);
    }

    /// <summary>The integers 0 to count - 1 in random order, all orders equally probable: i32 [count].</summary>
    public static Tensor Permutation(Key key, int count) => Choice(key, count, count);

    /// <summary>The slices of a tensor along an axis in random order.</summary>
    public static Tensor Permutation(Key key, Tensor x, int axis = 0) => x.Take(Permutation(key, x.Shape[x.Shape.Axis(axis, "permutation")]), axis);

    /// <summary>Different integers of 0 to population - 1 in random order, all choices equally probable: i32 [count].</summary>
    /// <exception cref="ShapeException">The count is larger than the population.</exception>
    public static Tensor Choice(Key key, int population, int count)
    {
        if (count < 0 || count > population)
            throw new ShapeException($"choice: {count} different ones of {population} cannot be chosen: the count is at most the population.");
        var batch = key.Data.Shape[..^1];
        if (count == 0) return Tensor.Zeros([.. batch, 0], ElementType.Int32);
        var keys = new Key(key.Data.Reshape(-1, 2));
        return Vmap.Of(k => Shuffled(k, population, count), keys).ReshapeTo([.. batch, count]);
    }

    /// <summary>
    /// Poisson numbers of a rate, as i32; no derivative. Rates below 10 by inversion (probabilities are summed in double precision until they
    /// exceed a uniform number), larger ones by transformed rejection (PTRS of Hörmann, "The transformed rejection method for generating Poisson
    /// random variables", 1993).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="rate">The mean, not negative and below 10^9, broadcast to the shape.</param>
    /// <param name="shape">The shape; that of the rate when null.</param>
    public static Tensor Poisson(Key key, Tensor rate, Shape? shape = null)
    {
        var places = shape ?? rate.Shape;
        var mean = Tensor.StopGradient(Floating(rate)).AsType(ElementType.Float64).BroadcastTo(Full(key, places));
        var isLarge = Tensor.GreaterEqual(mean, LargeRate);
        var (first, second) = key.Split();
        var small = PoissonByInversion(first, places, Tensor.Where(isLarge, 0.0, mean));
        var large = PoissonByRejection(second, places, Tensor.Where(isLarge, mean, LargeRate), isLarge);
        return Tensor.Where(isLarge, large, small).AsType(ElementType.Int32);
    }

    private static Tensor PoissonByInversion(Key key, Shape shape, Tensor mean)
    {
        var uniform = Uniform(key, shape, type: ElementType.Float64);
        var none = Tensor.Exp(-mean);
        // The number reached, its probability, and the probability of all up to it.
        return Control.While<TreeTriple<Tensor, Tensor, Tensor>>(
            c => (Tensor.GreaterEqual(uniform, c.Item3) & Tensor.Greater(c.Item2, 0.0)).Any(),
            c =>
            {
                var goesOn = Tensor.GreaterEqual(uniform, c.Item3) & Tensor.Greater(c.Item2, 0.0);
                var number = c.Item1 + 1.0;
                var probability = c.Item2 * mean / number;
                return new(
                    Tensor.Where(goesOn, number, c.Item1),
                    Tensor.Where(goesOn, probability, c.Item2),
                    Tensor.Where(goesOn, c.Item3 + probability, c.Item3));
            },
            new(Tensor.ZerosLike(mean), none, none)).Item1;
    }

    private static Tensor PoissonByRejection(Key key, Shape shape, Tensor mean, Tensor isWanted)
    {
        var (logMean, b) = (Tensor.Log(mean), 0.931 + 2.53 * Tensor.Sqrt(mean));
        var (a, inverseAlpha, vr) = (0.02483 * b - 0.059, 1.1239 + 1.1328 / (b - 3.4), 0.9277 - 3.6224 / (b - 2.0));
        return Rejection(key, mean, isWanted, attempt =>
        {
            var (first, second) = attempt.Split();
            var u = Open(first, shape, ElementType.Float64) - 0.5;
            var v = Open(second, shape, ElementType.Float64);
            var us = 0.5 - Tensor.Abs(u);
            var number = Tensor.Floor((2.0 * a / us + b) * u + mean + 0.43);
            var isInside = Tensor.GreaterEqual(us, 0.07) & Tensor.LessEqual(v, vr);
            var isOutside = Tensor.Less(number, 0.0) | (Tensor.Less(us, 0.013) & Tensor.Greater(v, us));
            var logDensity = number * logMean - mean - Tensor.Lgamma(Tensor.Maximum(number, 0.0) + 1.0);
            var isBelow = Tensor.LessEqual(Tensor.Log(v * inverseAlpha / (a / (us * us) + b)), logDensity);
            return (number, isInside | (!isOutside & isBelow));
        });
    }

    /// <summary>Tries until every wanted place has an accepted value. Each attempt has a key of its own.</summary>
    private static Tensor Rejection(Key key, Tensor like, Tensor isWanted, Func<Key, (Tensor Value, Tensor IsAccepted)> attempt) =>
        Control.While<TreeTriple<Tensor, Tensor, Tensor>>(
            c => c.Item2.Any(),
            c =>
            {
                var (value, isAccepted) = attempt(key.Fold(c.Item1));
                return new(c.Item1 + 1, c.Item2 & !isAccepted, Tensor.Where(c.Item2 & isAccepted, value, c.Item3));
            },
            new(Tensor.Scalar(0), isWanted, Tensor.ZerosLike(like))).Item3;

    /// <summary>The shuffle of Fisher and Yates, stopped when so many places are settled.</summary>
    private static Tensor Shuffled(Key key, int population, int count)
    {
        var left = population - Tensor.Arange(count, ElementType.Int64);
        var partners = ((Bits(key, [count], ElementType.Int64) >>> 1) % left).AsType(ElementType.Int32) + Tensor.Arange(count);
        var order = Control.Repeat(
            count,
            (step, order) =>
            {
                var (here, there) = (step.Reshape(1), partners.DynamicSlice(step.Reshape(1), [1]));
                return order.DynamicUpdate(here, order.DynamicSlice(there, [1])).DynamicUpdate(there, order.DynamicSlice(here, [1]));
            },
            Tensor.Arange(population));
        return order.SliceAxis(0, 0, count);
    }
}
