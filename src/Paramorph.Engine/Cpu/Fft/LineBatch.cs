namespace Paramorph.Cpu;

/// <summary>
/// The lines of an array along one axis: all positions along the other axes, the last of them fastest. Strides count numbers of type T.
/// </summary>
/// <param name="Sizes">The other axes.</param>
/// <param name="InputStrides">The strides of the other axes in the input.</param>
/// <param name="OutputStrides">The strides of the other axes in the output.</param>
/// <param name="InputStride">The distance of neighbouring elements of an input line.</param>
/// <param name="OutputStride">The distance of neighbouring elements of an output line.</param>
internal sealed record LineBatch(int[] Sizes, nint[] InputStrides, nint[] OutputStrides, nint InputStride, nint OutputStride)
{
    /// <summary>Writes the first element of each of <paramref name="lines"/> lines from number <paramref name="first"/>.</summary>
    public unsafe void Locate<T>(long first, int lines, T* input, T* output, T** sources, T** targets)
        where T : unmanaged
    {
        var position = stackalloc int[Sizes.Length];
        nint from = 0, to = 0;
        for (var axis = Sizes.Length - 1; axis >= 0; axis--)
        {
            (first, var index) = Math.DivRem(first, Sizes[axis]);
            position[axis] = (int)index;
            from += position[axis] * InputStrides[axis];
            to += position[axis] * OutputStrides[axis];
        }
        for (var line = 0; line < lines; line++)
        {
            sources[line] = input + from;
            targets[line] = output + to;
            for (var axis = Sizes.Length - 1; axis >= 0; axis--)
            {
                from += InputStrides[axis];
                to += OutputStrides[axis];
                if (++position[axis] < Sizes[axis])
                    break;
                from -= Sizes[axis] * InputStrides[axis];
                to -= Sizes[axis] * OutputStrides[axis];
                position[axis] = 0;
            }
        }
    }
}
