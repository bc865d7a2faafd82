using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Makes the steps of convolutions.</summary>
internal static class ConvolutionStep
{
    /// <summary>Whether a convolution has a kernel, which reads operands whose images and kernels are whole wherever these lie.</summary>
    public static bool Supports(Operation operation) =>
        (operation.Output.ElementType is ElementType.Float32 or ElementType.Float64 || operation.Primitive is Convolution { IsPaired: true }) && !KernelSteps.IsEmpty(operation);

    /// <summary>Whether each image or kernel of an operand [outer, channels, spatial...] lies in row-major order.</summary>
    public static bool HasWholeImages(Strided operand) =>
        operand.Strides.AsSpan(2).SequenceEqual(Strided.RowMajor(operand.Shape).AsSpan(2)) && Array.TrueForAll(operand.Strides, s => s >= 0);

    /// <summary>The step for real operands, and for pairs of whole numbers.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="operands">The input and the weights as they lie.</param>
    /// <param name="inputs">Where these begin.</param>
    /// <param name="result">The result as it lies, its images whole.</param>
    /// <param name="output">Where the result begins.</param>
    public static Step Of(Convolution convolution, IReadOnlyList<Strided> operands, Place[] inputs, Strided result, Place output)
    {
        var geometry = Geometry(convolution, operands[0], operands[1], result);
        return operands[0].Root.ElementType switch
        {
            ElementType.Float32 => new ConvolutionStep<float>(geometry, ConvolutionAlgorithm.Of<float>(geometry, convolution.IsExact), inputs, output),
            ElementType.Float64 => new ConvolutionStep<double>(geometry, ConvolutionAlgorithm.Of<double>(geometry, convolution.IsExact), inputs, output),
            _ => new ConvolutionStep<int>(geometry, ConvolutionAlgorithm.Direct<int>(geometry), inputs, output),
        };
    }

    private static ConvolutionGeometry Geometry(Convolution convolution, Strided x, Strided w, Strided y)
    {
        var axes = Enumerable.Range(0, convolution.Strides.Count).Select(a => ConvolutionAxis.Padded(
            x.Shape[a + 2], w.Shape[a + 2], convolution.Strides[a], convolution.Low[a], convolution.High[a], convolution.InputDilations[a], convolution.KernelDilations[a]));
        var (inputs, outputs) = (w.Shape[1], w.Shape[0] / convolution.Groups);
        var geometry = ConvolutionGeometry.RowMajor(x.Shape[0], convolution.Groups, inputs, outputs, [.. axes]);
        return geometry with
        {
            Input = Strides(x, (nint)x.Strides[1] * inputs),
            Kernel = Strides(w, (nint)w.Strides[0] * outputs),
            Output = Strides(y, (nint)y.Strides[1] * outputs),
        };
    }

    private static OperandStrides Strides(Strided operand, nint group) =>
        new((nint)operand.Strides[0], group, (nint)operand.Strides[1], [.. operand.Strides.Skip(2).Select(s => (nint)s)]);
}

/// <summary>A convolution by one kernel.</summary>
internal sealed unsafe class ConvolutionStep<T> : Step
    where T : unmanaged
{
    /// <summary>Multiply-adds of a convolution that is shared out at all.</summary>
    private const long SharedWork = 512 * 1024;

    private readonly ConvolutionGeometry geometry;
    private readonly IConvolution<T> kernel;
    private readonly Place[] inputs;
    private readonly Place output;
    private readonly long sharedLength;
    private readonly long workLength;
    private readonly bool isShared;

    /// <summary>A convolution whose operands have been placed.</summary>
    public ConvolutionStep(ConvolutionGeometry geometry, IConvolution<T> kernel, Place[] inputs, Place output)
    {
        (this.geometry, this.kernel, this.inputs, this.output) = (geometry, kernel, inputs, output);
        (sharedLength, workLength) = (kernel.SharedLength, kernel.WorkLength);
        var taps = geometry.Axes.Aggregate((long)geometry.InputChannels, (n, a) => n * a.KernelSize);
        isShared = geometry.Axes.Aggregate((long)geometry.Batch * geometry.Groups * geometry.OutputChannels, (n, a) => n * a.OutputSize) * taps >= SharedWork;
    }

    public override string Description =>
        $"convolution of [{geometry.Batch}, {geometry.Groups * geometry.InputChannels}] to {geometry.Groups * geometry.OutputChannels} channels";

    public override void Run(nint* bases, WorkerPool pool)
    {
        using var scratch = Scratch.Open();
        var job = new Job
        {
            Step = this,
            Input = (T*)inputs[0].Address(bases),
            Weights = (T*)inputs[1].Address(bases),
            Output = (T*)output.Address(bases),
            Memory = scratch.Take<T>((nint)sharedLength),
        };
        for (job.Stage = 0; job.Stage < kernel.Stages; job.Stage++) Shared.Run(pool, kernel.Pieces(job.Stage), job, isShared);
    }

    private struct Job : IPieces
    {
        public ConvolutionStep<T> Step;
        public T* Input;
        public T* Weights;
        public T* Output;
        public T* Memory;
        public int Stage;

        public readonly void Run(int piece)
        {
            using var scratch = Scratch.Open();
            Step.kernel.Run(Stage, piece, Input, Weights, Output, Memory, scratch.Take<T>((nint)Step.workLength));
        }
    }
}
