using Paramorph.Compiler;

namespace Paramorph.Tests.Compiler;

/// <summary>Which of a compiled function's programs are kept.</summary>
public class KeptProgramsTests
{
    [Fact]
    public void The_programs_that_ran_last_are_kept()
    {
        var (run, traced) = Compiled(CompilerOptions.Default with { MostPrograms = 3 });
        foreach (var rows in (int[])[1, 2, 3, 1, 4]) run(rows);
        Assert.Equal([1, 2, 3, 4], traced);
        foreach (var rows in (int[])[1, 3, 4, 2]) run(rows);
        Assert.Equal([1, 2, 3, 4, 2], traced);
    }

    [Fact]
    public void Large_programs_are_dropped_but_for_the_last_few()
    {
        var (run, traced) = Compiled(CompilerOptions.Default with { MostKeptBytes = 100_000, FewestPrograms = 2 });
        foreach (var rows in (int[])[200_000, 300_000, 200_000, 300_000]) run(rows);
        Assert.Equal([200_000, 300_000], traced);
        foreach (var rows in (int[])[1, 300_000, 200_000]) run(rows);
        Assert.Equal([200_000, 300_000, 1, 200_000], traced);
    }

    [Fact]
    public void Small_programs_stay_whatever_their_number()
    {
        var (run, traced) = Compiled(CompilerOptions.Default);
        for (var again = 0; again < 2; again++)
            for (var rows = 1; rows <= 50; rows++) run(rows);
        Assert.Equal(Enumerable.Range(1, 50), traced);
    }

    /// <summary>A function that notes the rows for which it is traced, and works in memory of their size.</summary>
    private static (Action<int> Run, List<int> Traced) Compiled(CompilerOptions options)
    {
        List<int> traced = [];
        var compiled = new CompiledFunction<Tensor, Tensor>(
            x =>
            {
                traced.Add(x.Shape[0]);
                return Tensor.Sin(x).Sort().Sum();
            },
            null, options);
        return (rows => Assert.Equal(Math.Sin(1) * rows, compiled.Run(Tensor.Ones([rows], ElementType.Float64), default).Item(), 1e-6 * rows), traced);
    }
}
