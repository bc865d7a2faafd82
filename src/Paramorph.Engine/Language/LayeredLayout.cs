namespace Paramorph;

/// <summary>
/// A layered layout of a directed acyclic graph (after Sugiyama, Tagawa and Toda, 1981): nodes in ranks by depth, an order within each rank that keeps
/// crossings few, then places that keep edges straight. Edges over several ranks run through places of their own.
/// </summary>
internal sealed class LayeredLayout
{
    private const double Gap = 22;
    private const double RankGap = 44;
    private const int Sweeps = 12;
    private readonly IReadOnlyList<(double Width, double Height)> sizes;
    private readonly int[] ranks;
    private readonly double[] heights;
    private readonly List<Cell> cells = [];
    private readonly List<List<Cell>> rows = [];
    private readonly Dictionary<(int Node, int Result), List<Cell>> chains = [];

    /// <param name="sizes">Of the nodes, each of which comes after those that it needs.</param>
    /// <param name="edges">From a result of a node to a later node.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<DiagramEdge> edges)
    {
        this.sizes = sizes;
        ranks = Ranks(sizes.Count, edges);
        heights = new double[ranks.DefaultIfEmpty(-1).Max() + 1];
        for (var i = 0; i < ranks.Length; i++) heights[ranks[i]] = Math.Max(heights[ranks[i]], sizes[i].Height);
        if (sizes.Count == 0) return;
        Fill(edges);
        foreach (var row in rows) Number(row);
        for (var sweep = 0; sweep < Sweeps; sweep++) Order(down: sweep % 2 == 0);
        Place();
    }

    public double Width { get; private set; }

    public double Height { get; private set; }

    /// <summary>The corner of a node.</summary>
    public (double X, double Y) this[int node] => (cells[node].X - sizes[node].Width / 2, cells[node].Y);

    /// <summary>The stretches between the end of one and the start of the next, top and bottom of each, through which an edge runs between its nodes.</summary>
    public IEnumerable<(double X, double Top, double Bottom)> Through(DiagramEdge edge)
    {
        if (!chains.TryGetValue((edge.From, edge.Result), out var chain)) return [];
        return chain.Take(ranks[edge.To] - ranks[edge.From] - 1).Select(cell => (cell.X, cell.Y, cell.Y + heights[cell.Rank]));
    }

    /// <summary>The longest way from above, except that what needs nothing stands right above what first needs it.</summary>
    private static int[] Ranks(int count, IReadOnlyList<DiagramEdge> edges)
    {
        var ranks = new int[count];
        var arrivals = edges.ToLookup(edge => edge.To);
        var departures = edges.ToLookup(edge => edge.From);
        for (var i = 0; i < count; i++)
            foreach (var edge in arrivals[i]) ranks[i] = Math.Max(ranks[i], ranks[edge.From] + 1);
        for (var i = 0; i < count; i++)
            if (!arrivals[i].Any() && departures[i].Any()) ranks[i] = departures[i].Min(edge => ranks[edge.To]) - 1;
        return ranks;
    }

    private void Fill(IReadOnlyList<DiagramEdge> edges)
    {
        foreach (var _ in heights) rows.Add([]);
        for (var i = 0; i < sizes.Count; i++) Add(new Cell(ranks[i], sizes[i].Width));
        foreach (var edge in edges)
        {
            // Edges of one result share their way down.
            var above = cells[edge.From];
            if (!chains.TryGetValue((edge.From, edge.Result), out var chain)) chains[(edge.From, edge.Result)] = chain = [];
            for (var rank = ranks[edge.From] + 1; rank < ranks[edge.To]; rank++)
            {
                var step = rank - ranks[edge.From] - 1;
                if (step == chain.Count)
                {
                    chain.Add(Add(new Cell(rank, 0)));
                    Join(above, chain[step]);
                }
                above = chain[step];
            }
            Join(above, cells[edge.To]);
        }

        Cell Add(Cell cell)
        {
            cells.Add(cell);
            rows[cell.Rank].Add(cell);
            return cell;
        }

        static void Join(Cell above, Cell below)
        {
            above.Below.Add(below);
            below.Above.Add(above);
        }
    }

    /// <summary>Each rank in the order of the mean position of the neighbours in the rank before.</summary>
    private void Order(bool down)
    {
        foreach (var row in down ? rows : Enumerable.Reverse(rows))
        {
            foreach (var cell in row)
            {
                var neighbours = down ? cell.Above : cell.Below;
                if (neighbours.Count > 0) cell.Key = neighbours.Average(n => n.Position);
            }
            var sorted = row.OrderBy(cell => cell.Key).ToList();
            row.Clear();
            row.AddRange(sorted);
            Number(row);
        }
    }

    /// <summary>Positions are relative, so that ranks of different lengths compare.</summary>
    private static void Number(List<Cell> row)
    {
        for (var i = 0; i < row.Count; i++) row[i].Position = row[i].Key = (i + 0.5) / row.Count;
    }

    private void Place()
    {
        var y = 0.0;
        foreach (var row in rows)
        {
            var x = 0.0;
            foreach (var cell in row)
            {
                (cell.X, cell.Y) = (x + cell.Width / 2, y);
                x += cell.Width + Gap;
            }
            y += heights[row[0].Rank] + RankGap;
        }
        Height = y - RankGap;
        for (var sweep = 0; sweep < Sweeps; sweep++)
            foreach (var row in sweep % 2 == 0 ? rows : Enumerable.Reverse(rows)) Straighten(row, cell => sweep % 2 == 0 ? cell.Above : cell.Below);
        var left = cells.Min(cell => cell.X - cell.Width / 2);
        foreach (var cell in cells) cell.X -= left;
        Width = cells.Max(cell => cell.X + cell.Width / 2);
    }

    /// <summary>
    /// The places nearest, in the weighted mean square, to the mean of the neighbours that keep order and distances: isotonic regression by pooling
    /// adjacent violators.
    /// </summary>
    private static void Straighten(List<Cell> row, Func<Cell, List<Cell>> neighbours)
    {
        var blocks = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[row.Count];
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0) offsets[i] = offsets[i - 1] + (row[i - 1].Width + row[i].Width) / 2 + Gap;
            var near = neighbours(row[i]);
            var wish = near.Count == 0 ? row[i].X : near.Average(n => n.X);
            var weight = near.Count == 0 ? 0.1 : row[i].Width == 0 ? 4 : 1;
            blocks.Add(((wish - offsets[i]) * weight, weight, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Weight > blocks[^1].Sum / blocks[^1].Weight)
            {
                var last = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                blocks[^1] = (blocks[^1].Sum + last.Sum, blocks[^1].Weight + last.Weight, blocks[^1].Count + last.Count);
            }
        }
        var next = 0;
        foreach (var (sum, weight, count) in blocks)
            for (var k = 0; k < count; k++, next++) row[next].X = sum / weight + offsets[next];
    }

    /// <summary>A node, or the place at which an edge crosses a rank.</summary>
    private sealed class Cell(int rank, double width)
    {
        public int Rank { get; } = rank;

        public double Width { get; } = width;

        public List<Cell> Above { get; } = [];

        public List<Cell> Below { get; } = [];

        public double Position { get; set; }

        public double Key { get; set; }

        public double X { get; set; }

        public double Y { get; set; }
    }
}
