using System.Globalization;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>How much a fit may cost: seconds, floating-point operations, or steps.</summary>
/// <remarks>
/// A budget in seconds is planned with the speed of a usual machine, which is the same everywhere, so that the plan and the model do not depend on what else the machine does; the clock only
/// cuts a plan that turns out too long, and the report says so.
/// </remarks>
public sealed record Budget
{
    // Timers of the runtime go no further than seven weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private Budget(double amount, string unit) => (Amount, Unit) = (amount, unit);

    /// <summary>A minute.</summary>
    public static Budget Usual { get; } = OfSeconds(60);

    /// <summary>How much.</summary>
    public double Amount { get; }

    /// <summary>Of what: <c>s</c>, <c>planned s</c>, <c>flop</c> or <c>steps</c>.</summary>
    public string Unit { get; }

    /// <summary>When the clock cuts the work; null for budgets that are counted.</summary>
    public TimeSpan? Clock => Unit == "s" ? TimeSpan.FromSeconds(Amount) : null;

    /// <summary>So many seconds.</summary>
    /// <exception cref="ProblemException">They are more than a month.</exception>
    public static Budget OfSeconds(double seconds) => seconds <= Longest.TotalSeconds ? new(seconds, "s") : throw new ProblemException($"a budget of time is at most {Longest.TotalHours}h.");

    /// <summary>What a usual machine does in so many seconds of one thread, counted: no clock cuts it, so that all machines do the same.</summary>
    public static Budget OfPlannedSeconds(double seconds) => new(seconds, "planned s");

    /// <summary>A part of it, or a multiple.</summary>
    public Budget Part(double share) => new(Amount * share, Unit);

    /// <summary>Reads <c>60s</c>, <c>5m</c>, <c>1h</c>, <c>200Gflop</c>, <c>3Tflop</c> or <c>20000steps</c>.</summary>
    /// <exception cref="ProblemException">It is none of these, or more than a month.</exception>
    public static Budget Parse(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept("0123456789.") is var end && end < 0 ? text.Length : end;
        var known = double.TryParse(text.AsSpan(0, digits), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0;
        return (known, text[digits..].Trim().ToLowerInvariant()) switch
        {
            (true, "s" or "") => OfSeconds(number),
            (true, "m" or "min") => OfSeconds(60 * number),
            (true, "h") => OfSeconds(3600 * number),
            (true, "gflop") => new(1e9 * number, "flop"),
            (true, "tflop") => new(1e12 * number, "flop"),
            (true, "steps") => new(number, "steps"),
            _ => throw new ProblemException($"a budget is 60s, 5m, 1h, 200Gflop, 3Tflop or 20000steps, not \"{text}\"."),
        };
    }

    /// <summary>What there is to spend on some threads, in the unit of <see cref="Of"/>.</summary>
    public double Total(int threads) => Unit == "s" ? Amount * threads : Amount;

    /// <summary>What some work costs.</summary>
    public double Of(Effort effort) => Unit switch { "s" or "planned s" => effort.Seconds, "flop" => effort.Flops, _ => effort.Calls };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount:R}{(Unit.Contains(' ', StringComparison.Ordinal) ? " " : "")}{Unit}");
}
