using System.Numerics;
using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Makes the steps of convolutions.</summary>
internal static class ConvolutionStep
{
    /// <summary>The step for real operands, or null.</summary>
    public static Step? Of(Convolution convolution, Operation operation, Place[] inputs, Place[] outputs) => operation.Output.ElementType switch
    {
        ElementType.Float32 => new ConvolutionStep<float>(Geometry(convolution, operation), inputs, outputs[0]),
        ElementType.Float64 => new ConvolutionStep<double>(Geometry(convolution, operation), inputs, outputs[0]),
        _ => null,
    };

    private static ConvolutionGeometry Geometry(Convolution convolution, Operation operation)
    {
        var (x, w) = (operation.Input.Shape, operation.Inputs[1].Shape);
        var axes = Enumerable.Range(0, convolution.Strides.Count).Select(a => ConvolutionAxis.Padded(
            x[a + 2], w[a + 2], convolution.Strides[a], convolution.Low[a], convolution.High[a], convolution.InputDilations[a], convolution.KernelDilations[a]));
        return ConvolutionGeometry.RowMajor(x[0], convolution.Groups, w[1], w[0] / convolution.Groups, [.. axes]);
    }
}

/// <summary>A convolution of real numbers.</summary>
internal sealed unsafe class ConvolutionStep<T> : Step
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ConvolutionGeometry geometry;
    private readonly Convolution<T> kernel;
    private readonly Place[] inputs;
    private readonly Place output;
    private readonly long sharedLength;
    private readonly long workLength;

    /// <summary>A convolution whose operands have been placed.</summary>
    public ConvolutionStep(ConvolutionGeometry geometry, Place[] inputs, Place output)
    {
        (this.geometry, this.inputs, this.output) = (geometry, inputs, output);
        kernel = new(geometry);
        (sharedLength, workLength) = (kernel.SharedLength, kernel.WorkLength);
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
        for (job.Stage = 0; job.Stage < kernel.Stages; job.Stage++) Shared.Run(pool, kernel.Pieces(job.Stage), job);
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
            Step.kernel.Run(Stage, piece, Input, Weights, Output, null, null, Memory, scratch.Take<T>((nint)Step.workLength));
        }
    }
}
