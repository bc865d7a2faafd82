using System.Diagnostics;
using Paramorph.Formats;
using Paramorph.Optimisers;
using Paramorph.Training;

namespace Paramorph.Tests.Training;

public sealed partial class CheckpointTests : IDisposable
{
    private static readonly IBatches<Tensor> Rows = Batches.Shuffled(Tensor.Linspace(-1, 1, 24), 5, Key.Of(2));
    private readonly string folder = Directory.CreateTempSubdirectory("checkpoints").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_last_two_checkpoints_are_kept()
    {
        Run(100, every: 30);
        Assert.Equal(["step-000000000100.safetensors", "step-000000000090.safetensors"], Checkpoints().Files.Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public void A_cancelled_run_that_is_resumed_is_one_run_to_the_bit()
    {
        var once = Run(100, every: 1000);
        Directory.Delete(folder, recursive: true);
        using var source = new CancellationTokenSource();
        Assert.Equal(EndReason.Cancelled, Run(100, every: 30, progress => { if (progress.Step == 50) source.Cancel(); }, source.Token).Reason);

        var resumed = Run(100, every: 30);

        Same(once, resumed);
    }

    [Fact]
    public void A_run_that_was_stopped_early_stays_stopped()
    {
        var once = Run(2000, every: 30);
        Assert.Equal(EndReason.StoppedEarly, once.Reason);
        var again = Run(2000, every: 30);
        Assert.Equal(EndReason.StoppedEarly, again.Reason);
        Same(once, again);
    }

    [Fact]
    public void A_run_that_diverged_keeps_its_last_good_checkpoint()
    {
        var trainer = Trainer(new Sgd(Schedule.Piecewise(0.01, (55, 1e30))));
        var run = trainer.Resume(Start(trainer), Rows, new(100) { ReadEvery = 10, Checkpoints = Checkpoints(20) });
        Assert.Equal(EndReason.Diverged, run.Reason);
        Assert.Equal(40, Checkpoints().Latest(Start(trainer))!.Step.Item<long>());
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("damaged")]
    public void A_checkpoint_that_cannot_be_read_is_named_with_the_one_that_can(string harm)
    {
        Run(100, every: 30);
        var file = Checkpoints().Files[0];
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, harm == "truncated" ? bytes[..(bytes.Length / 2)] : [.. bytes[..20], .. new byte[20], .. bytes[40..]]);

        var error = Assert.Throws<UnreadableFileException>(() => Run(100, every: 30));

        Assert.Equal(file, error.Path);
        Assert.EndsWith("To train on, delete it to go on from step-000000000090.safetensors.", error.Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Equal(100, Run(100, every: 30).State.Step.Item<long>());
    }

    [Fact]
    public void A_checkpoint_of_another_optimiser_is_refused()
    {
        Run(10, every: 5);
        var trainer = Trainer(new Sgd(0.1, 0.9));
        var error = Assert.Throws<UnreadableFileException>(() => trainer.Resume(Start(trainer), Rows, new(100) { Checkpoints = Checkpoints() }));
        Assert.Contains("is not there: the checkpoint is that of another model or optimiser.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_run_left_half_written_is_removed()
    {
        Run(10, every: 5);
        var rest = Path.Combine(folder, ".step-000000000015.safetensors.x1y2");
        File.WriteAllText(rest, "half");
        Run(20, every: 5);
        Assert.False(File.Exists(rest));
    }

    /// <summary>Slow because twelve processes start; nothing less shows that a kill at any moment does no harm.</summary>
    [Fact]
    public void A_run_killed_ten_times_ends_with_the_bits_of_one_that_was_not()
    {
        var random = new Random(5);
        var undisturbed = Digest(Child("undisturbed"));
        for (var kill = 0; kill < 10; kill++)
        {
            using var process = Child("killed");
            // It has resumed, and is somewhere between and inside steps, readings and checkpoints.
            Assert.NotNull(process.StandardOutput.ReadLine());
            Thread.Sleep(random.Next(150));
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal(undisturbed, Digest(Child("killed")));
    }

    /// <summary>Slow because processes start: the number of threads is that of the processors, which a process learns once.</summary>
    [Fact]
    public void A_run_has_the_same_bits_on_any_number_of_threads()
    {
        var digests = new[] { 1, 2, 3 }.Select(processors => Digest(Child($"on {processors}", processors))).ToArray();
        Assert.Single(digests.Distinct());
    }

    private static string Digest(Process process)
    {
        using (process)
        {
            var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.True(lines.Length > 0, process.StandardError.ReadToEnd());
            Assert.Contains("Digest", lines[^1], StringComparison.Ordinal);
            return lines[^1];
        }
    }

    private static void Same(TrainingRun<Line> expected, TrainingRun<Line> actual)
    {
        Assert.Equal(Tree.Leaves(expected.State).Select(leaf => leaf.ToDoubles()), Tree.Leaves(actual.State).Select(leaf => leaf.ToDoubles()));
        Assert.Equal(expected.Loss, actual.Loss);
        Assert.Equal(expected.Measures["slope"], actual.Measures["slope"]);
        Assert.Equal((expected.Best!.Step, expected.Best.Value), (actual.Best!.Step, actual.Best.Value));
        Assert.Equal(expected.Best.Model.Slope.Item(), actual.Best.Model.Slope.Item());
    }

    private static Trainer<Line, Tensor> Trainer(IOptimiser optimiser) =>
        new(optimiser, (line, x, key) => Tensor.Square(line.Slope * x * Sample.DropoutMask(key, 0.3, x.Shape) - 2.0 * x).Mean())
        {
            Validation = line => new Dictionary<string, Tensor> { ["slope"] = Tensor.Abs(line.Slope - 1.0) },
        };

    private static TrainingState<Line> Start(Trainer<Line, Tensor> trainer) => trainer.Start(new(0f), Key.Of(3));

    private Checkpoints Checkpoints(int every = 1000) => new(folder, every);

    private TrainingRun<Line> Run(long steps, int every, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var trainer = Trainer(new Adam(0.02).AverageExponentially(0.9));
        return trainer.Resume(Start(trainer), Rows, new(steps)
        {
            ReadEvery = 10,
            EarlyStopping = new("slope", 8),
            Checkpoints = Checkpoints(every),
            Progress = progress,
            Cancellation = cancellation,
        });
    }

    /// <summary>The sample, which resumes from the folder of a run.</summary>
    private Process Child(string run, int? processors = null)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", Path.Combine(AppContext.BaseDirectory, "ResumableTraining.dll"), "8000", Path.Combine(folder, run)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (processors is { } count) start.Environment["DOTNET_PROCESSOR_COUNT"] = $"{count}";
        return Process.Start(start)!;
    }

    [Tree]
    private sealed partial record Line(Tensor Slope);
}
