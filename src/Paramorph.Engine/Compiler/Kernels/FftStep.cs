using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Makes the steps of Fourier transforms.</summary>
internal static class FftStep
{
    /// <summary>The step, or null where a real transform halves an axis that is not the last of the transformed ones.</summary>
    /// <param name="fft">The transform.</param>
    /// <param name="kept">What is kept of the spectrum along each of its axes; nothing for all.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Where the input begins.</param>
    /// <param name="outputs">Where the output begins.</param>
    public static Step? Of(Fft fft, Sequence<Band> kept, Operation operation, Place[] inputs, Place[] outputs)
    {
        if (fft.Kind is Primitives.FftKind.Real or Primitives.FftKind.InverseReal && fft.Axes.Max() != fft.Axes[^1]) return null;
        return operation.Output.ElementType.RealType() == ElementType.Float32
            ? new FftStep<float>(fft, kept, operation, inputs[0], outputs[0])
            : new FftStep<double>(fft, kept, operation, inputs[0], outputs[0]);
    }
}

/// <summary>A Fourier transform.</summary>
internal sealed unsafe class FftStep<T> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The scale 1 / n times n need not be 1 to the last bit.</summary>
    private const double RoundingError = 1e-15;

    private readonly Fft fft;
    private readonly Sequence<Band> kept;
    private readonly Shape samples;
    private readonly Place input;
    private readonly Place output;
    private readonly Fft<T> kernel;
    private readonly long sharedLength;
    private readonly long workLength;
    private readonly Cut numbers;
    private readonly bool isScaled;
    private readonly T scale;

    /// <summary>A transform whose operands have been placed.</summary>
    public FftStep(Fft fft, Sequence<Band> kept, Operation operation, Place input, Place output)
    {
        (this.fft, this.input, this.output) = (fft, input, output);
        this.kept = kept;
        var isInverse = fft.Kind is Primitives.FftKind.Inverse or Primitives.FftKind.InverseReal;
        samples = isInverse ? operation.Output.Shape : operation.Input.Shape;
        int[] axes = [.. fft.Axes.Order()];
        (int, int)[] bands = [.. axes.Take(kept.Count).Select(a => kept[fft.Axes.ToList().IndexOf(a)]).Select(b => (b.Low, b.High))];
        kernel = new(KindOf(fft.Kind), samples.Sizes, axes, bands);
        (sharedLength, workLength) = (kernel.SharedLength, kernel.WorkLength);
        numbers = Cut.Of((long)operation.Output.Count * (operation.Output.ElementType.IsComplex() ? 2 : 1), 1);
        // The kernel's inverse transforms divide by the number of samples, the primitive's do not.
        var factor = isInverse ? fft.Scale * axes.Aggregate(1.0, (n, a) => n * samples[a]) : fft.Scale;
        isScaled = Math.Abs(factor - 1) > RoundingError;
        scale = T.CreateTruncating(factor);
    }

    public override string Description => $"{fft.Name} of {samples} along {fft.Axes}" + (kept.Count > 0 ? $", kept {kept}" : "");

    public override void Run(nint* bases, WorkerPool pool)
    {
        using var scratch = Scratch.Open();
        var job = new Job
        {
            Step = this,
            Input = (T*)input.Address(bases),
            Output = (T*)output.Address(bases),
            Memory = scratch.Take<T>((nint)sharedLength),
        };
        for (job.Stage = 0; job.Stage < kernel.Stages; job.Stage++) Shared.Run(pool, kernel.Pieces(job.Stage), job);
        if (isScaled) Shared.Run(pool, numbers.Pieces, new Scaling { Step = this, Numbers = job.Output });
    }

    private static Cpu.FftKind KindOf(Primitives.FftKind kind) => kind switch
    {
        Primitives.FftKind.Forward => Cpu.FftKind.Forward,
        Primitives.FftKind.Inverse => Cpu.FftKind.Inverse,
        Primitives.FftKind.Real => Cpu.FftKind.Real,
        _ => Cpu.FftKind.InverseReal,
    };

    private struct Job : IPieces
    {
        public FftStep<T> Step;
        public T* Input;
        public T* Output;
        public T* Memory;
        public int Stage;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            Step.kernel.Run(Stage, piece, Input, Output, Memory, scratch.Take<T>((nint)Step.workLength));
        }
    }

    private struct Scaling : IPieces
    {
        public FftStep<T> Step;
        public T* Numbers;

        public readonly void Run(int piece)
        {
            var (i, end) = (Step.numbers.First(piece), Step.numbers.End(piece));
            for (; i + Vector<T>.Count <= end; i += Vector<T>.Count) Vector.Store(Vector.Load(Numbers + i) * Step.scale, Numbers + i);
            for (; i < end; i++) Numbers[i] *= Step.scale;
        }
    }
}
