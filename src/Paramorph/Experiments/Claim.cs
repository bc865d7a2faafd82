using System.Globalization;

namespace Paramorph.Experiments;

/// <summary>
/// A relation between measurements that an experiment puts to the test. Each seed gives one number, its effect, from all arms under that seed (so
/// seeds are paired), and the claim says that the effect lies above a threshold.
/// </summary>
public sealed record Claim
{
    private Claim(string text, Func<SeedMeasures, double> effect, double threshold, string unit)
    {
        Text = text;
        Effect = effect;
        Threshold = threshold;
        Unit = unit;
    }

    /// <summary>The relation in words.</summary>
    public string Text { get; }

    /// <summary>The effect of a seed.</summary>
    public Func<SeedMeasures, double> Effect { get; }

    /// <summary>What the effect must exceed (or reach, if <see cref="Reaching"/>).</summary>
    public double Threshold { get; }

    /// <summary>What the effect is: <c>times</c> for a ratio, or the unit of a difference.</summary>
    public string Unit { get; }

    /// <summary>Whether the effect may equal the threshold.</summary>
    public bool Reaching { get; private init; }

    /// <summary>Whether the effect is a ratio, whose interval is taken of its logarithm.</summary>
    public bool IsRatio { get; private init; }

    /// <summary>Whether the verdict of the experiment rests on it; side claims are decided and shown beside.</summary>
    public bool IsMain { get; private init; } = true;

    /// <summary>Where it comes from: the abstract or a table of the paper, or us.</summary>
    public string Origin { get; private init; } = "abstract";

    /// <summary>The names of the arms that it is about: those whose measurements its effect asks for.</summary>
    public IReadOnlyCollection<string> Arms => SeedMeasures.Asked(Effect);

    /// <summary>The same claim beside the main ones.</summary>
    public Claim AsSide() => this with { IsMain = false };

    /// <summary>The same claim with where it comes from.</summary>
    /// <param name="origin">For example <c>table 2</c>, or <c>ours</c>.</param>
    public Claim From(string origin) => this with { Origin = origin };

    /// <summary>The metric of one arm is lower than that of another, by a factor at least.</summary>
    /// <param name="arm">The arm that should be lower.</param>
    /// <param name="other">The arm that it is compared with.</param>
    /// <param name="metric">A metric with positive values.</param>
    /// <param name="factor">How many times lower.</param>
    public static Claim Below(string arm, string other, string metric, double factor = 1) =>
        Ratio($"{metric} of {arm} is below that of {other}{Times(factor)}", seed => seed[other, metric] / seed[arm, metric], factor);

    /// <summary>The metric of one arm is higher than that of another, by a factor at least.</summary>
    /// <inheritdoc cref="Below"/>
    public static Claim AboveTimes(string arm, string other, string metric, double factor) =>
        Ratio($"{metric} of {arm} is above that of {other}{Times(factor)}", seed => seed[arm, metric] / seed[other, metric], factor);

    /// <summary>The metric of one arm is higher than that of another by more than a margin.</summary>
    public static Claim Above(string arm, string other, string metric, double margin = 0) =>
        new($"{metric} of {arm} is above that of {other}{By(margin)}", seed => seed[arm, metric] - seed[other, metric], margin, metric);

    /// <summary>The metric of one arm is at most a margin lower than that of another: no worse, where higher is better.</summary>
    public static Claim NoLower(string arm, string other, string metric, double margin) =>
        new($"{metric} of {arm} is no more than {Number(margin)} below that of {other}", seed => seed[arm, metric] - seed[other, metric], -margin, metric) { Reaching = true };

    /// <summary>The metric of one arm is at most so many times that of another: no worse, where lower is better.</summary>
    public static Claim NoHigherTimes(string arm, string other, string metric, double factor) =>
        new($"{metric} of {arm} is at most {Number(factor)} times that of {other}", seed => seed[other, metric] / seed[arm, metric], 1 / factor, "times") { Reaching = true, IsRatio = true };

    /// <summary>The metric of an arm is at most a bound.</summary>
    public static Claim AtMost(string arm, string metric, double bound) =>
        new($"{metric} of {arm} is at most {Number(bound)}", seed => -seed[arm, metric], -bound, metric) { Reaching = true };

    /// <summary>The metric of an arm is at least a bound.</summary>
    public static Claim AtLeast(string arm, string metric, double bound) =>
        new($"{metric} of {arm} is at least {Number(bound)}", seed => seed[arm, metric], bound, metric) { Reaching = true };

    /// <summary>A ratio of measurements exceeds a factor.</summary>
    /// <param name="text">The relation in words.</param>
    /// <param name="effect">The ratio under a seed; positive.</param>
    /// <param name="factor">What it must exceed.</param>
    public static Claim Ratio(string text, Func<SeedMeasures, double> effect, double factor = 1) => new(text, effect, factor, "times") { IsRatio = true };

    /// <summary>A combination of measurements exceeds a threshold.</summary>
    /// <param name="text">The relation in words.</param>
    /// <param name="effect">The number under a seed.</param>
    /// <param name="threshold">What it must exceed.</param>
    /// <param name="unit">What the number is.</param>
    public static Claim That(string text, Func<SeedMeasures, double> effect, double threshold = 0, string unit = "") => new(text, effect, threshold, unit);

    /// <summary>What the seeds say.</summary>
    /// <param name="seeds">What all arms measured, by seed.</param>
    /// <param name="level">The share of cases in which the interval holds the true effect; more than 0.9 where several claims are decided together.</param>
    public ClaimResult Decide(IReadOnlyList<SeedMeasures> seeds, double level = 0.9)
    {
        var effects = seeds.Select(Effect).ToArray();
        if (effects.Any(effect => !double.IsFinite(effect) || (IsRatio && effect <= 0)))
            return new(Text, Verdict.NotHeld, double.NaN, [double.NaN, double.NaN], Threshold, Unit) { IsMain = IsMain, Origin = Origin };
        var interval = IsRatio ? PairedInterval.Of([.. effects.Select(effect => Math.Log(effect))], level).Map(Math.Exp) : PairedInterval.Of(effects, level);
        var verdict = interval.Low > Threshold || (Reaching && interval.Low >= Threshold) ? Verdict.Held
            : interval.High < Threshold || (!Reaching && interval.High <= Threshold) ? Verdict.NotHeld
            : Verdict.Inconclusive;
        return new(Text, verdict, interval.Centre, [interval.Low, interval.High], Threshold, Unit) { IsMain = IsMain, Origin = Origin };
    }

    private static string Times(double factor) => factor == 1 ? "" : $" by more than {Number(factor)} times";

    private static string By(double margin) => margin == 0 ? "" : $" by more than {Number(margin)}";

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
