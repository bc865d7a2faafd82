using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>A block read from or written to a tensor at indices known at run time.</summary>
internal sealed unsafe class BlockStep(Operation operation, Place[] inputs, Place output) : Step
{
    private readonly Shape whole = operation.Input.Shape;
    private readonly Shape block = operation.Primitive is DynamicSlice slice ? slice.Sizes : operation.Inputs[2].Shape;
    private readonly long[] strides = Array.ConvertAll(operation.Input.Shape.Strides(), s => (long)s * operation.Input.ElementType.Size());
    private readonly int size = operation.Input.ElementType.Size();

    public override string Description => $"{operation.Primitive} of {whole}";

    public override void Run(nint* bases, WorkerPool pool)
    {
        var starts = (int*)inputs[1].Address(bases);
        var isWrite = operation.Primitive is DynamicUpdate;
        var target = output.Address(bases);
        var memory = isWrite ? target : inputs[0].Address(bases);
        if (isWrite) ScanStep.Copy(inputs[0].Address(bases), target, (long)whole.ElementCount * size);
        for (var a = 0; a < block.Rank; a++) memory += Math.Clamp(starts[a], 0, whole[a] - block[a]) * strides[a];
        if (block.ElementCount == 0) return;
        if (isWrite) Move(0, inputs[2].Address(bases), memory, isWrite);
        else Move(0, target, memory, isWrite);
    }

    /// <summary>Moves the rest of the axes between the block, which is contiguous, and its place; returns where the block goes on.</summary>
    private byte* Move(int axis, byte* contiguous, byte* place, bool isWrite)
    {
        if (axis >= block.Rank - 1)
        {
            var bytes = (block.Rank == 0 ? 1L : block[axis]) * size;
            if (isWrite) ScanStep.Copy(contiguous, place, bytes);
            else ScanStep.Copy(place, contiguous, bytes);
            return contiguous + bytes;
        }
        for (var i = 0; i < block[axis]; i++) contiguous = Move(axis + 1, contiguous, place + i * strides[axis], isWrite);
        return contiguous;
    }
}
