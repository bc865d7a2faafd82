namespace Paramorph.Compiler;

/// <summary>Gives things that are needed for a while room, so that those needed at different times share it.</summary>
internal sealed class IntervalPlan
{
    private readonly List<(Tensor Key, int First, int Last, long Bytes)> intervals = [];

    public void Add(Tensor key, int first, int last, long bytes) => intervals.Add((key, first, last, bytes));

    /// <summary>Writes the offset of each into a dictionary and returns the bytes that all take together. The largest are placed first, each as low as it fits.</summary>
    public long Solve(Dictionary<Tensor, long> offsets)
    {
        var placed = new List<(int First, int Last, long Start, long End)>();
        long total = 0;
        foreach (var (key, first, last, bytes) in intervals.OrderByDescending(i => i.Bytes).ThenBy(i => i.First))
        {
            long at = 0;
            foreach (var other in placed.Where(p => p.First <= last && p.Last >= first).OrderBy(p => p.Start))
            {
                if (at + bytes <= other.Start) break;
                at = Math.Max(at, other.End);
            }
            placed.Add((first, last, at, at + bytes));
            offsets[key] = at;
            total = Math.Max(total, at + bytes);
        }
        return total;
    }
}

/// <summary>Places of all roots in the working memory of an executable or in the memory of inputs, constants and outputs.</summary>
internal sealed class MemoryPlan
{
    private readonly Dictionary<Tensor, int> slots;
    private readonly Dictionary<Tensor, long> offsets = [];
    private readonly Dictionary<Draft, Tensor> packed = [];
    private readonly Dictionary<Draft, long> kept = [];

    public MemoryPlan(List<Draft> drafts, Dictionary<Tensor, int> slots, CompilerOptions options)
    {
        this.slots = slots;
        var plan = new IntervalPlan();
        var uses = new Dictionary<Tensor, (int First, int Last)>();
        for (var i = 0; i < drafts.Count; i++)
        {
            foreach (var root in drafts[i].Roots)
                if (!slots.ContainsKey(root)) uses[root] = uses.TryGetValue(root, out var use) ? (use.First, i) : (i, i);
            if (drafts[i].PackedBytes is not (> 0 and var bytes)) continue;
            if (drafts[i].IsPrepared)
            {
                kept[drafts[i]] = KeptBytes;
                KeptBytes += bytes;
                continue;
            }
            var key = packed[drafts[i]] = new Tensor(new(ElementType.UInt8, Shape.Scalar), new Storage(ElementType.UInt8, 0));
            plan.Add(key, i, i, bytes);
        }
        foreach (var (root, (first, last)) in uses)
        {
            var bytes = (root.Type.Bytes + 63) / 64 * 64;
            if (options.SharesMemory) plan.Add(root, first, last, bytes);
            else plan.Add(root, 0, drafts.Count, bytes);
            if (LargestValue is not { } largest || root.Type.Bytes > largest.Bytes) LargestValue = root.Type;
        }
        Bytes = plan.Solve(offsets);
    }

    /// <summary>Bytes of the working memory.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of what is got ready once for many runs.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>The type of the largest value in it.</summary>
    public TensorType? LargestValue { get; }

    /// <summary>Where the packed operands of a draft go.</summary>
    public Place PackedPlace(Draft draft) =>
        kept.TryGetValue(draft, out var offset) ? new(Place.Kept, offset, 0) : new(Place.Arena, packed.TryGetValue(draft, out var key) ? offsets[key] : 0, 0);

    public Place PlaceOf(Tensor root) => slots.TryGetValue(root, out var slot) ? new(slot, 0, 0) : new(Place.Arena, offsets[root], 0);
}
