using Paramorph.Compiler;
using Paramorph.Cpu;

namespace Paramorph.Tests.Compiler;

/// <summary>
/// Random programs and their gradients, compiled with each part of the compiler on and off, against the reference. The environment variable
/// PARAMORPH_PROGRAMS makes them thousands.
/// </summary>
public class SwitchTests
{
    private static readonly CompilerOptions All = CompilerOptions.Default;

    // Small batches run by tiles too.
    private static readonly CompilerOptions Eager = All with { FewestRows = 2, WorthTiling = 0 };

    // Every product of a batch and every loop over rows runs by parts.
    private static readonly CompilerOptions Parted = All with { WorthParts = 0, LargeExample = 0, WorthMessages = 0, WorthSharingLoop = 0, FewestRowsOfPart = 1, WorthRepeating = 0 };

    private static readonly Dictionary<string, CompilerOptions> Choices = new()
    {
        ["everything"] = All,
        ["no simplification"] = All with { Simplifies = false },
        ["no moved sums"] = All with { MovesSums = false },
        ["no merged loops"] = All with { MergesLoops = false },
        ["sums in loops"] = All with { TakesSumsOut = false },
        ["no common factors"] = All with { TakesFactorsOut = false },
        ["cheap values computed again"] = All with { WorthRepeating = 0 },
        ["no split reductions"] = All with { SplitsReductions = false },
        ["no fusion"] = All with { Fuses = false },
        ["no sinking"] = All with { Sinks = false },
        ["no tiles"] = All with { Tiles = false },
        ["no rows"] = All with { FewestRows = int.MaxValue },
        ["parts"] = Parted,
        ["parts, no simplification"] = Parted with { Simplifies = false },
        ["parts, no fusion"] = Parted with { Fuses = false },
        ["no parts"] = All with { WorthParts = long.MaxValue, WorthMessages = long.MaxValue, WorthSharingLoop = long.MaxValue },
        ["no shared memory"] = All with { SharesMemory = false },
        ["eager tiles"] = Eager,
        ["eager tiles, no fusion"] = Eager with { Fuses = false },
        ["eager tiles, no simplification"] = Eager with { Simplifies = false },
        ["eager tiles, no shared memory"] = Eager with { SharesMemory = false },
        ["nothing"] = new() { Simplifies = false, MovesSums = false, MergesLoops = false, TakesSumsOut = false, TakesFactorsOut = false, WorthRepeating = long.MaxValue, SplitsReductions = false, Fuses = false, Sinks = false, Tiles = false, SharesMemory = false },
    };

    private static readonly RandomProgramKind[] Kinds =
    [
        new(HasKernels: true),
        new(Rows: 600, HasControl: false, HasIntegers: false),
        new(ElementType.Float32, HasKernels: true),
        new(Rows: 515, HasKernels: true),
        new(ElementType.Float32, Rows: 1030, HasControl: false),
    ];

    private static int Programs => int.TryParse(Environment.GetEnvironmentVariable("PARAMORPH_PROGRAMS"), out var wanted) ? wanted : 20;

    private static int FirstSeed => int.TryParse(Environment.GetEnvironmentVariable("PARAMORPH_SEED"), out var wanted) ? wanted : 1;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_program_means_the_same_whatever_the_compiler_leaves_out(int kind)
    {
        var failures = new List<string>();
        for (var seed = FirstSeed * 100_000 + kind; seed < FirstSeed * 100_000 + Programs; seed += Kinds.Length)
        {
            var failing = Check(seed, kind, 8 + seed % 17);
            if (failing is null) continue;
            // The shortest beginning of the program that fails is printed.
            for (var length = 1; length < 8 + seed % 17; length++)
            {
                if (Check(seed, kind, length) is not { } shorter) continue;
                failing = shorter;
                break;
            }
            failures.Add(failing);
        }
        Assert.True(failures.Count == 0, $"{failures.Count} programs\n{string.Join("\n\n", failures.Take(5))}");
    }

    /// <summary>What is wrong with a program, or null. All choices are tried when programs are many, otherwise all switches and two others.</summary>
    private static string? Check(int seed, int kind, int length)
    {
        var program = RandomPrograms.Generate(seed, length, Kinds[kind]);
        TreeList<Tensor> Run(TreeList<Tensor> x) => program.Function([.. x]);
        TreeList<Tensor> Differentiate(TreeList<Tensor> x) => Gradient.Of(x, p => Loss(program, [.. p]));
        var (names, count) = (Choices.Keys.ToArray(), Choices.Count);
        string[] tried = ["everything", names[1 + seed % (count - 1)], names[1 + (seed / 5 + 5) % (count - 1)]];
        foreach (var (what, function) in new[] { ("value", Run), ("gradient", (Func<TreeList<Tensor>, TreeList<Tensor>>)Differentiate) })
        {
            var expected = Computation.Trace("reference", x => [.. function([.. x])], [.. program.Inputs.Select(t => t.Type)]).EvaluateReference(program.Inputs);
            foreach (var name in tried.Distinct())
                if (Difference(function, program, expected, Choices[name], Kinds[kind].Real) is { } difference) return $"seed {seed}, length {length}, {what} with {name}: {difference}\n{program}";
        }
        return null;
    }

    private static string? Difference(Func<TreeList<Tensor>, TreeList<Tensor>> function, RandomProgram program, Tensor[] expected, CompilerOptions options, ElementType real)
    {
        try
        {
            var emitted = Compile.Of(function, options);
            var first = OnThreads(1, () => emitted(program.Inputs));
            for (var i = 0; i < expected.Length; i++) Expect.Close(expected[i], first[i], real == ElementType.Float64 ? 1e-12 : 2e-4, $"output {i}");
            foreach (var threads in new[] { 2, 3 }) AssertSameBits(first, OnThreads(threads, () => emitted(program.Inputs)), $"{threads} threads");
            AssertSameBits(first, Compile.Of(function, options with { EmitsLoops = false })(program.Inputs), "interpreted loops");
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.Message + (error is Xunit.Sdk.XunitException ? "" : "\n" + error.StackTrace);
        }
    }

    private static void AssertSameBits(TreeList<Tensor> expected, TreeList<Tensor> actual, string what)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            // NaN has many bits; everything else has one.
            var (a, b) = (expected[i].ToDoubles(), actual[i].ToDoubles());
            for (var k = 0; k < a.Length; k++)
                Assert.True(BitConverter.DoubleToInt64Bits(a[k]) == BitConverter.DoubleToInt64Bits(b[k]) || (double.IsNaN(a[k]) && double.IsNaN(b[k])), $"output {i}, element {k}: {b[k]:R} with {what} but {a[k]:R} without");
        }
    }

    private static TreeList<Tensor> OnThreads(int threads, Func<TreeList<Tensor>> function)
    {
        WorkerPool.Shared.Threads = threads;
        return function();
    }

    /// <summary>One number of all real outputs, with weights that single out no element.</summary>
    private static Tensor Loss(RandomProgram program, Tensor[] inputs)
    {
        var real = program.Inputs.First(x => x.ElementType.IsDifferentiable()).ElementType;
        var sum = Tensor.Zeros([], real);
        foreach (var output in program.Function(inputs))
            if (output.ElementType == real) sum += (output * Tensor.Cos(Tensor.Arange(output.Count, real)).ReshapeTo(output.Shape)).Mean();
        return sum;
    }
}
