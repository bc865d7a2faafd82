using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Which values of a group live in a tile alone, where in it, and how many rows a tile has.</summary>
internal sealed class TilePlan
{
    /// <summary>Values of a tile stay in the second-level cache.</summary>
    private const long TileBytes = 384 * 1024;

    private const int FewestRows = 64;
    private const int MostRows = 1024;

    /// <summary>Tiles for the threads to share, where each has at least twice the fewest rows.</summary>
    private const int EnoughTiles = 8;

    /// <summary>Passages through the cache of what is summed over the rows, for each tile: it is cleared, read, written and combined.</summary>
    private const int ClosingPassages = 4;

    /// <summary>Tiles have whole vectors of rows.</summary>
    private const int RowUnit = 16;

    private readonly Dictionary<Tensor, long> offsets;

    private TilePlan(Dictionary<Tensor, long> offsets, int tileRows, long bytesPerRow)
    {
        this.offsets = offsets;
        TileRows = tileRows;
        Bytes = tileRows * bytesPerRow;
    }

    public int TileRows { get; }

    /// <summary>Bytes of a tile.</summary>
    public long Bytes { get; }

    public bool IsLocal(Tensor root) => offsets.ContainsKey(root);

    /// <summary>Where a value begins in the tile, in bytes.</summary>
    public long Offset(Tensor root) => offsets[root] * TileRows;

    /// <summary>The plan of a group, or null when it should not run by tiles.</summary>
    /// <param name="group">The group.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="worthTiling">Bytes between its steps from which tiles pay.</param>
    /// <param name="isOnlyHere">Whether nothing outside the group reads a value.</param>
    public static TilePlan? Of(Group group, Schedule schedule, long worthTiling, Func<Tensor, bool> isOnlyHere)
    {
        if (group.Rows == 0 || group.Clusters.Count < 2 || !group.Clusters.TrueForAll(c => CanTile(c, schedule))) return null;
        var plan = new IntervalPlan();
        long traffic = 0, closing = 0;
        var home = group.Clusters.SelectMany((c, i) => c.Operations.Select(o => (o, i))).ToDictionary(x => x.o, x => x.i);
        foreach (var (operation, index) in home)
        {
            var output = operation.Output;
            if (schedule.IsClosing(operation))
            {
                closing += output.Type.Bytes;
                continue;
            }
            var users = schedule.UsersThroughViews(output).ToList();
            var isInside = group.Clusters[index].IsLoop && !schedule.IsOutput(output)
                && users.TrueForAll(u => home.TryGetValue(u, out var at) && at == index && !schedule.IsClosing(u)) && schedule.Users(output).Count == users.Count;
            if (isInside) continue;
            traffic += output.Type.Bytes;
            if (!isOnlyHere(output)) continue;
            var last = users.Select(u => home[u]).DefaultIfEmpty(index).Max();
            plan.Add(output, index, last, ((long)output.Count / group.Rows * output.ElementType.Size() + 3) / 4 * 4);
        }
        if (traffic < worthTiling) return null;
        var offsets = new Dictionary<Tensor, long>();
        var bytesPerRow = plan.Solve(offsets);
        var fit = Math.Clamp(TileBytes / Math.Max(1, bytesPerRow), FewestRows, MostRows);
        // Tiles of one size, so that no thread waits for another with a larger last one.
        var tiles = Math.Max((group.Rows + fit - 1) / fit, Math.Min(EnoughTiles, group.Rows / (2 * FewestRows)));
        // Sums over the rows of wide layers would pass through the cache more often than the rows are spared it.
        if (closing * Math.Max(2, tiles) * ClosingPassages > traffic) return null;
        var rows = ((group.Rows + tiles - 1) / tiles + RowUnit - 1) / RowUnit * RowUnit;
        return new(offsets, (int)rows, bytesPerRow);
    }

    private static bool CanTile(Cluster cluster, Schedule schedule)
    {
        if (cluster.IsLoop) return true;
        var operation = cluster.Operations[0];
        if (operation.Primitive is Concatenate or Pad) return schedule.Rule(operation) is not null;
        return operation.Primitive is Dot && LoweredDot.Supports(operation) && schedule.Rule(operation) is { } rule
            && (rule.IsClosing || rule.Inputs[0] < 0 || rule.Inputs[1] < 0);
    }
}
