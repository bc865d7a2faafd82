namespace Paramorph.Optimisers;

/// <summary>
/// A learning rate, or any other setting, as a function of the number of steps already taken. A number is a constant schedule. Schedules are composed:
/// <c>Schedule.Cosine(1e-3, 9000).WarmUp(1000)</c>.
/// </summary>
public sealed class Schedule
{
    private readonly Func<Tensor, Tensor> function;

    private Schedule(Func<Tensor, Tensor> function) => this.function = function;

    /// <summary>A constant.</summary>
    public static implicit operator Schedule(double value) => new(_ => Tensor.Scalar(value));

    /// <summary>The product of two schedules.</summary>
    public static Schedule operator *(Schedule a, Schedule b) => new(t => a.function(t) * b.function(t));

    /// <summary>A schedule of your own.</summary>
    /// <param name="function">From the number of steps taken, an f64 scalar, to an f64 scalar; it is traced when a step is compiled.</param>
    public static Schedule Of(Func<Tensor, Tensor> function) => new(function);

    /// <summary>A straight line that stays at its end: from + (to - from) min(t / steps, 1).</summary>
    public static Schedule Linear(double from, double to, long steps) => Polynomial(from, to, steps, 1);

    /// <summary>to + (from - to) (1 - min(t / steps, 1))^power.</summary>
    public static Schedule Polynomial(double from, double to, long steps, double power)
    {
        Require(steps > 0, "steps", steps);
        return new(t => to + (from - to) * Tensor.Power(1.0 - Share(t, steps), Tensor.Scalar(power)));
    }

    /// <summary>Half a wave of the cosine that stays at its end: to + (from - to) (1 + cos(pi min(t / steps, 1))) / 2. (Loshchilov and Hutter, "SGDR", 2017, Eq. 5.)</summary>
    public static Schedule Cosine(double from, long steps, double to = 0)
    {
        Require(steps > 0, "steps", steps);
        return new(t => to + (from - to) * 0.5 * (1.0 + Tensor.Cos(Math.PI * Share(t, steps))));
    }

    /// <summary>Multiplied by a factor over each number of steps, smoothly: from factor^(t / steps).</summary>
    public static Schedule Exponential(double from, double factor, long steps)
    {
        Require(steps > 0, "steps", steps);
        Require(factor > 0, "factor", factor);
        return new(t => from * Tensor.Exp(t * (Math.Log(factor) / steps)));
    }

    /// <summary>Multiplied by a factor at the end of each number of steps: from factor^floor(t / steps).</summary>
    public static Schedule Step(double from, double factor, long steps)
    {
        Require(steps > 0, "steps", steps);
        Require(factor > 0, "factor", factor);
        return new(t => from * Tensor.Exp(Tensor.Floor(t / steps) * Math.Log(factor)));
    }

    /// <summary>Constant pieces: <paramref name="start"/>, and from each given step on the value beside it.</summary>
    /// <exception cref="ArgumentException">The steps do not rise.</exception>
    public static Schedule Piecewise(double start, params (long Step, double Value)[] pieces)
    {
        for (var i = 1; i < pieces.Length; i++)
            if (pieces[i].Step <= pieces[i - 1].Step)
                throw new ArgumentException($"the pieces of a schedule must rise: step {pieces[i].Step} comes after step {pieces[i - 1].Step}.", nameof(pieces));
        return new(t => pieces.Aggregate(Tensor.Scalar(start), (value, piece) => Tensor.Where(t >= piece.Step, Tensor.Scalar(piece.Value), value)));
    }

    /// <summary>
    /// Up to a peak along half a cosine over the first share of the steps, and down to almost nothing along another. (Smith and Topin, "Super-Convergence", 2019.)
    /// </summary>
    /// <param name="peak">The highest value.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="rising">The share of the steps that rise, between 0 and 1.</param>
    /// <param name="start">The first value as a share of the peak.</param>
    /// <param name="end">The last value as a share of the peak.</param>
    public static Schedule OneCycle(double peak, long steps, double rising = 0.3, double start = 0.04, double end = 4e-6)
    {
        Require(rising is > 0 and < 1, "the rising share", rising);
        var top = Math.Max(1, (long)(rising * steps));
        if (steps <= top) throw new ArgumentOutOfRangeException(nameof(steps), $"a schedule that rises and falls needs at least 2 steps, not {steps}.");
        return Cosine(start * peak, top, peak).Then(top, Cosine(peak, steps - top, end * peak));
    }

    /// <summary>1 / sqrt(1 + t / steps): the classical decay of stochastic approximation.</summary>
    public static Schedule InverseSquareRoot(double from, long steps)
    {
        Require(steps > 0, "steps", steps);
        return new(t => from * Tensor.Rsqrt(1.0 + t / steps));
    }

    /// <summary>This schedule behind a straight line from 0 to its first value: it begins after so many steps.</summary>
    public Schedule WarmUp(long steps)
    {
        Require(steps > 0, "steps", steps);
        var first = function;
        return new Schedule(t => first(Tensor.Scalar(0.0)) * Share(t, steps)).Then(steps, this);
    }

    /// <summary>This schedule for so many steps, then another that counts from there.</summary>
    public Schedule Then(long steps, Schedule next)
    {
        Require(steps >= 0, "steps", steps);
        return new(t => Tensor.Where(t < steps, function(t), next.function(Tensor.Maximum(t - steps, 0.0))));
    }

    /// <summary>This schedule started anew after each number of steps: warm restarts.</summary>
    public Schedule Repeat(long steps)
    {
        Require(steps > 0, "steps", steps);
        return new(t => function(t - steps * Tensor.Floor(t / steps)));
    }

    /// <summary>The value, an f64 scalar.</summary>
    /// <param name="step">How many steps have been taken: a scalar of any integer or real type.</param>
    public Tensor At(Tensor step) => function(step.AsType(ElementType.Float64));

    /// <summary>The value for people: plots and messages.</summary>
    public double At(long step) => At(Tensor.Scalar(step)).Item();

    private static Tensor Share(Tensor t, long steps) => Tensor.Minimum(t / steps, 1.0);

    private static void Require(bool holds, string what, double value)
    {
        if (!holds) throw new ArgumentOutOfRangeException(what, $"a schedule does not work with {what} = {value}: it must be positive, and a share lie between 0 and 1.");
    }
}
