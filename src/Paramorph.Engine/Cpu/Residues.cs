using System.Numerics;

namespace Paramorph.Cpu;

/// <summary>
/// A line of numbers with those of each residue of a step together, so that what lies a step apart in the line are neighbours:
/// <c>target[r * RunLength + q] = line[q * Step + r]</c>.
/// </summary>
internal readonly unsafe struct Residues<T>(int count, int step)
    where T : unmanaged
{
    /// <summary>The step.</summary>
    public int Step => step;

    /// <summary>Places for the numbers of one residue.</summary>
    public int RunLength => (count + step - 1) / step;

    /// <summary>Places for all.</summary>
    public int Length => RunLength * step;

    /// <summary>Where the number at a position of the line is in the rearranged one.</summary>
    public int Place(int position) => position % step * RunLength + position / step;

    /// <summary>Rearranges a line.</summary>
    public void Split(T* line, T* target)
    {
        var (run, done) = (RunLength, 0);
        if (step == 2)
            for (; 2 * (done + Vector<T>.Count) <= count; done += Vector<T>.Count)
            {
                var (even, odd) = Zip.Apart(Vector.Load(line + 2 * done), Vector.Load(line + 2 * done + Vector<T>.Count));
                Vector.Store(even, target + done);
                Vector.Store(odd, target + run + done);
            }
        for (var residue = 0; residue < step; residue++)
            for (var (q, position) = (done, done * step + residue); position < count; q++, position += step)
                target[residue * run + q] = line[position];
    }
}
