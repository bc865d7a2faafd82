namespace Paramorph.Data.Solvers;

/// <summary>How time is cut into steps.</summary>
internal static class TimeSteps
{
    /// <summary>The number of equal steps, none longer than the largest, from one time to another; 0 when they are the same.</summary>
    /// <exception cref="ArgumentException">The times do not increase, or the step is not positive.</exception>
    public static int Count(double from, double to, double maximumStep)
    {
        if (!(maximumStep > 0)) throw new ArgumentException($"a time step of {maximumStep} leads nowhere: it must be positive.", nameof(maximumStep));
        if (!(to >= from)) throw new ArgumentException($"time {to} follows time {from}: times must increase from 0 on.", nameof(to));
        // The tolerance keeps an interval of 0.1 with steps of 0.01 at ten steps whatever the rounding.
        return (int)Math.Ceiling((to - from) / maximumStep * (1 - 1e-9));
    }
}
