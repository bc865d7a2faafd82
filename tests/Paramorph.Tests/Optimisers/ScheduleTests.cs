using Paramorph.Optimisers;

namespace Paramorph.Tests.Optimisers;

public class ScheduleTests
{
    public static TheoryData<string, Schedule, Func<double, double>> Formulas() => new()
    {
        { "constant", 0.3, _ => 0.3 },
        { "linear", Schedule.Linear(1, 3, 10), t => t < 10 ? 1 + 2 * t / 10 : 3 },
        { "polynomial", Schedule.Polynomial(1, 0.1, 10, 2), t => t < 10 ? 0.1 + 0.9 * Math.Pow(1 - t / 10, 2) : 0.1 },
        { "cosine", Schedule.Cosine(1, 10, 0.2), t => t < 10 ? 0.2 + 0.8 * (1 + Math.Cos(Math.PI * t / 10)) / 2 : 0.2 },
        { "exponential", Schedule.Exponential(2, 0.5, 4), t => 2 * Math.Pow(0.5, t / 4) },
        { "step", Schedule.Step(2, 0.1, 4), t => 2 * Math.Pow(0.1, Math.Floor(t / 4)) },
        { "piecewise", Schedule.Piecewise(1, (3, 0.5), (7, 0.1)), t => t < 3 ? 1 : t < 7 ? 0.5 : 0.1 },
        { "inverse square root", Schedule.InverseSquareRoot(1, 5), t => 1 / Math.Sqrt(1 + t / 5) },
        { "warm-up", Schedule.Cosine(1, 10).WarmUp(4), t => t < 4 ? t / 4 : (1 + Math.Cos(Math.PI * Math.Min(1, (t - 4) / 10))) / 2 },
        { "restarts", Schedule.Cosine(1, 5).Repeat(5), t => (1 + Math.Cos(Math.PI * (t % 5) / 5)) / 2 },
        { "product", Schedule.Linear(1, 0, 20) * Schedule.Step(1, 0.5, 7), t => (1 - Math.Min(1, t / 20)) * Math.Pow(0.5, Math.Floor(t / 7)) },
        { "one cycle", Schedule.OneCycle(1, 20, 0.25, 0.1, 0.01), t => t < 5 ? 1 - 0.9 * (1 + Math.Cos(Math.PI * t / 5)) / 2 : 0.01 + 0.99 * (1 + Math.Cos(Math.PI * Math.Min(1, (t - 5) / 15))) / 2 },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_schedule_is_its_formula(string name, Schedule schedule, Func<double, double> formula)
    {
        var compiled = Compile.Of<Tensor, Tensor>(schedule.At);
        for (var t = 0L; t < 25; t++)
        {
            var value = compiled(Tensor.Scalar(t));
            Assert.Equal(ElementType.Float64, value.ElementType);
            Assert.True(Math.Abs(formula(t) - value.Item()) < 1e-14, $"{name} at {t} is {value.Item():R} but should be {formula(t):R}");
        }
    }

    [Fact]
    public void Pieces_must_rise() => Assert.Equal(
        "the pieces of a schedule must rise: step 3 comes after step 5. (Parameter 'pieces')",
        Assert.Throws<ArgumentException>(() => Schedule.Piecewise(1, (5, 1), (3, 1))).Message);
}
