using System.Numerics;
using System.Runtime.CompilerServices;

namespace Paramorph.Cpu;

/// <summary>
/// The lines that fill one set of vectors, and the way to bring their elements in and out: element j of every line is one
/// <see cref="ComplexVector{T}"/> of the tile. Strides and offsets count numbers of type T; a complex number is two of them.
/// </summary>
internal readonly unsafe ref struct LaneTile<T>
    where T : unmanaged
{
    private readonly T** rows;
    private readonly int lines;
    private readonly nint stride;
    private readonly int components;
    private readonly Access access;

    /// <param name="rows">The first element of each line; room for Vector&lt;T&gt;.Count pointers, of which <paramref name="lines"/> are set.</param>
    /// <param name="lines">Lines in use.</param>
    /// <param name="stride">The distance of neighbouring elements of a line.</param>
    /// <param name="components">1 for real lines, 2 for complex ones.</param>
    public LaneTile(T** rows, int lines, nint stride, int components)
    {
        this.rows = rows;
        this.lines = lines;
        this.stride = stride;
        this.components = components;
        var adjacent = lines == Vector<T>.Count;
        for (var lane = 1; adjacent && lane < lines; lane++)
            adjacent = rows[lane] == rows[0] + (nint)lane * components;
        access = adjacent ? Access.Adjacent : stride == components ? Access.Contiguous : Access.Scattered;
        // Unused lanes repeat the first line, so that reading them is harmless.
        for (var lane = lines; lane < Vector<T>.Count; lane++)
            rows[lane] = rows[0];
    }

    private enum Access
    {
        /// <summary>The lines are neighbours in memory: an element of all of them is one load.</summary>
        Adjacent,

        /// <summary>The elements of a line are neighbours: blocks are transposed.</summary>
        Contiguous,

        Scattered,
    }

    /// <summary>tile[j] = elements first..first+count of complex lines; <paramref name="swap"/> is 1 to exchange real and imaginary parts.</summary>
    public void LoadComplex(int first, int count, ComplexVector<T>* tile, int swap)
    {
        var start = first * stride;
        var target = (T*)tile;
        var width = Vector<T>.Count;
        switch (access)
        {
            case Access.Adjacent:
                for (nint j = 0; j < count; j++)
                    Lanes.Split(rows[0] + start + j * stride, target + (2 * j + swap) * width, target + (2 * j + 1 - swap) * width);
                break;
            case Access.Contiguous:
                nint done = 0;
                for (; done + width <= 2 * count; done += width)
                    Lanes.GatherBlock(rows, start + done, target + done * width, width, swap);
                LoadScattered(start, (int)done / 2, count, target, swap);
                break;
            default:
                LoadScattered(start, 0, count, target, swap);
                break;
        }
    }

    /// <summary>The inverse of <see cref="LoadComplex"/>; the tile may be overwritten.</summary>
    public void StoreComplex(ComplexVector<T>* tile, int first, int count, int swap)
    {
        var start = first * stride;
        var source = (T*)tile;
        var width = Vector<T>.Count;
        switch (access)
        {
            case Access.Adjacent:
                for (nint j = 0; j < count; j++)
                    Lanes.Join(source + (2 * j + swap) * width, source + (2 * j + 1 - swap) * width, rows[0] + start + j * stride);
                break;
            case Access.Contiguous when lines == width:
                nint done = 0;
                for (; done + width <= 2 * count; done += width)
                    Lanes.ScatterBlock(source + done * width, width, swap, rows, start + done);
                StoreScattered(source, start, (int)done / 2, count, swap);
                break;
            default:
                StoreScattered(source, start, 0, count, swap);
                break;
        }
    }

    /// <summary>Elements of real lines into part <paramref name="slot"/> (0 real, 1 imaginary) of the tile.</summary>
    public void LoadReal(int count, ComplexVector<T>* tile, int slot)
    {
        nint width = Vector<T>.Count;
        var target = (T*)tile + slot * width;
        nint done = 0;
        if (access == Access.Adjacent)
            for (; done < count; done++)
                Unsafe.WriteUnaligned(target + 2 * done * width, Vector.Load(rows[0] + done * stride));
        else if (access == Access.Contiguous)
            for (; done + width <= count; done += width)
                Lanes.GatherBlock(rows, done, target + 2 * done * width, 2 * width, 0);
        for (; done < count; done++)
            for (var lane = 0; lane < width; lane++)
                target[2 * done * width + lane] = rows[lane][done * stride];
    }

    /// <summary>The inverse of <see cref="LoadReal"/>.</summary>
    public void StoreReal(ComplexVector<T>* tile, int slot, int count)
    {
        nint width = Vector<T>.Count;
        var source = (T*)tile + slot * width;
        nint done = 0;
        if (access == Access.Adjacent)
            for (; done < count; done++)
                Vector.Store(Vector.Load(source + 2 * done * width), rows[0] + done * stride);
        else if (access == Access.Contiguous && lines == width)
            for (; done + width <= count; done += width)
                Lanes.ScatterBlock(source + 2 * done * width, 2 * width, 0, rows, done);
        for (; done < count; done++)
            for (var lane = 0; lane < lines; lane++)
                rows[lane][done * stride] = source[2 * done * width + lane];
    }

    /// <summary>
    /// The pairs are first brought together in the tile and then split in place, in two loops, as a wide load right behind narrow stores waits
    /// for them.
    /// </summary>
    private void LoadScattered(nint start, int from, int count, T* target, int swap)
    {
        var width = Vector<T>.Count;
        for (nint j = from; j < count; j++)
        {
            var pairs = (Pair*)(target + 2 * j * width);
            for (var lane = 0; lane < width; lane++)
                pairs[lane] = *(Pair*)(rows[lane] + start + j * stride);
        }
        for (nint j = from; j < count; j++)
        {
            var pairs = target + 2 * j * width;
            Lanes.Split(pairs, pairs + swap * width, pairs + (1 - swap) * width);
        }
    }

    /// <summary>The way back of <see cref="LoadScattered"/>; the tile is overwritten.</summary>
    private void StoreScattered(T* source, nint start, int from, int count, int swap)
    {
        var width = Vector<T>.Count;
        for (nint j = from; j < count; j++)
        {
            var pairs = source + 2 * j * width;
            Lanes.Join(pairs + swap * width, pairs + (1 - swap) * width, pairs);
        }
        for (nint j = from; j < count; j++)
        {
            var pairs = (Pair*)(source + 2 * j * width);
            for (var lane = 0; lane < lines; lane++)
                *(Pair*)(rows[lane] + start + j * stride) = pairs[lane];
        }
    }

    /// <summary>A complex number as it lies in memory, moved whole.</summary>
    private readonly record struct Pair(T Re, T Im);
}
