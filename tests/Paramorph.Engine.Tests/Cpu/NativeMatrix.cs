using System.Runtime.InteropServices;
using Paramorph.Cpu;

namespace Paramorph.Tests.Cpu;

/// <summary>A matrix in memory of its own, with any strides, between guards that show a write outside of it.</summary>
internal sealed unsafe class NativeMatrix<T> : IDisposable
    where T : unmanaged
{
    private const int Guard = 64;
    private const byte Mark = 0xA5;
    private readonly T* memory;
    private readonly int length;

    public NativeMatrix(int rows, int columns, Func<int, int, T>? value = null, bool transposed = false, int gap = 0, int columnStep = 1)
    {
        (Rows, Columns) = (rows, columns);
        int inner = (transposed ? rows : columns) * columnStep;
        int stride = Math.Max(1, inner) + gap;
        int outer = transposed ? columns : rows;
        // No more than up to the last element, so that reads behind it leave the matrix.
        length = rows == 0 || columns == 0 ? 0 : ((outer - 1) * stride) + ((transposed ? rows : columns) - 1) * columnStep + 1;
        memory = (T*)NativeMemory.AlignedAlloc((nuint)((length + (2 * Guard)) * sizeof(T)), 64);
        new Span<byte>(memory, (length + (2 * Guard)) * sizeof(T)).Fill(Mark);
        View = transposed ? new(memory + Guard, columnStep, stride) : new(memory + Guard, stride, columnStep);
        for (int i = 0; i < rows && value != null; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                this[i, j] = value(i, j);
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public MatrixView<T> View { get; }

    public T* Data => View.Data;

    public int Stride => (int)View.RowStride;

    public ref T this[int row, int column] => ref *View.At(row, column);

    /// <summary>Whether nothing was written outside the elements, between rows included.</summary>
    public bool IsIntact()
    {
        var isElement = new bool[length + (2 * Guard)];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                isElement[(int)(View.At(i, j) - memory)] = true;
            }
        }
        for (int i = 0; i < isElement.Length; i++)
        {
            if (!isElement[i] && new Span<byte>(memory + i, sizeof(T)).ContainsAnyExcept(Mark))
            {
                return false;
            }
        }
        return true;
    }

    public T[] ToArray()
    {
        var values = new T[Rows * Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[i / Columns, i % Columns];
        }
        return values;
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
