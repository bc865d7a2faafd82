namespace Paramorph.Data;

/// <summary>A simple undirected graph and its statistics: no loops, no edge twice.</summary>
public sealed class UndirectedGraph
{
    private readonly int[][] neighbours;

    /// <summary>A graph.</summary>
    /// <param name="count">Number of nodes, numbered from 0.</param>
    /// <param name="edges">Pairs of nodes; the order within a pair and repetitions do not matter.</param>
    /// <exception cref="ArgumentException">An edge is a loop, or has an end that is no node.</exception>
    public UndirectedGraph(int count, IEnumerable<(int From, int To)> edges)
    {
        Count = count;
        Edges = [.. edges.Select(e => e.From < e.To ? e : (From: e.To, To: e.From)).Distinct().Order()];
        foreach (var (from, to) in Edges)
        {
            if (from == to || from < 0 || to >= count)
                throw new ArgumentException($"({from}, {to}) is no edge of a graph of {count} nodes: it joins two different ones of 0 to {count - 1}.", nameof(edges));
        }
        neighbours = [.. Adjacent()];
    }

    /// <summary>Number of nodes.</summary>
    public int Count { get; }

    /// <summary>The edges, each with its smaller end first, in order.</summary>
    public IReadOnlyList<(int From, int To)> Edges { get; }

    /// <summary>The neighbours of a node in ascending order.</summary>
    public ReadOnlySpan<int> Neighbours(int node) => neighbours[node];

    /// <summary>The number of neighbours of a node.</summary>
    public int Degree(int node) => neighbours[node].Length;

    /// <summary>The share of all pairs of nodes that are joined.</summary>
    public double Density => Count < 2 ? 0 : 2.0 * Edges.Count / ((double)Count * (Count - 1));

    /// <summary>The mean over nodes of the share of pairs of their neighbours that are joined, which is 0 for nodes of degree below 2 (Watts and Strogatz, 1998).</summary>
    public double AverageClustering => Enumerable.Range(0, Count).Average(node =>
    {
        var degree = Degree(node);
        return degree < 2 ? 0 : 2.0 * Triangles(node) / ((double)degree * (degree - 1));
    });

    /// <summary>The share of connected triples of nodes that are triangles.</summary>
    public double Transitivity
    {
        get
        {
            var triples = neighbours.Sum(n => n.Length * (n.Length - 1.0) / 2);
            return triples == 0 ? 0 : Enumerable.Range(0, Count).Sum(Triangles) / triples;
        }
    }

    /// <summary>The correlation of the degrees at the two ends of an edge; NaN when all are equal.</summary>
    public double Assortativity
    {
        get
        {
            (double A, double B)[] ends = [.. Edges.SelectMany(e => ((double, double)[])[(Degree(e.From), Degree(e.To)), (Degree(e.To), Degree(e.From))])];
            var mean = ends.Average(e => e.A);
            return ends.Sum(e => (e.A - mean) * (e.B - mean)) / ends.Sum(e => (e.A - mean) * (e.A - mean));
        }
    }

    /// <summary>The mean number of edges on the shortest path between two different nodes of the largest component; NaN when it is one node.</summary>
    public double AverageShortestPath => Paths().Mean;

    /// <summary>The largest number of edges on a shortest path within the largest component.</summary>
    public int Diameter => Paths().Longest;

    /// <summary>The nodes of each component, the largest component first.</summary>
    public IReadOnlyList<int[]> Components()
    {
        var isSeen = new bool[Count];
        var components = new List<int[]>();
        for (var start = 0; start < Count; start++)
        {
            if (isSeen[start]) continue;
            var distances = Distances(start);
            int[] reached = [.. Enumerable.Range(0, Count).Where(n => distances[n] >= 0)];
            foreach (var node in reached) isSeen[node] = true;
            components.Add(reached);
        }
        return [.. components.OrderByDescending(c => c.Length)];
    }

    /// <summary>The number of edges on the shortest path from a node to every node, -1 for those that it does not reach.</summary>
    public int[] Distances(int start)
    {
        var distances = new int[Count];
        Array.Fill(distances, -1);
        distances[start] = 0;
        var waiting = new Queue<int>([start]);
        while (waiting.TryDequeue(out var node))
        {
            foreach (var next in neighbours[node])
            {
                if (distances[next] >= 0) continue;
                distances[next] = distances[node] + 1;
                waiting.Enqueue(next);
            }
        }
        return distances;
    }

    /// <summary>The adjacency matrix: f32 [count, count].</summary>
    public Tensor Adjacency()
    {
        var matrix = new float[Count * Count];
        foreach (var (from, to) in Edges) matrix[from * Count + to] = matrix[to * Count + from] = 1;
        return Tensor.From(matrix, [Count, Count]);
    }

    /// <summary>Each edge in both directions, for message passing: senders and receivers, i32 [2 edges] each, ordered by receiver.</summary>
    public (Tensor Senders, Tensor Receivers) Directed()
    {
        var pairs = Enumerable.Range(0, Count).SelectMany(to => neighbours[to].Select(from => (from, to))).ToArray();
        return (Tensor.From([.. pairs.Select(p => p.from)]), Tensor.From([.. pairs.Select(p => p.to)]));
    }

    private IEnumerable<int[]> Adjacent()
    {
        var lists = Enumerable.Range(0, Count).Select(_ => new List<int>()).ToArray();
        foreach (var (from, to) in Edges)
        {
            lists[from].Add(to);
            lists[to].Add(from);
        }
        return lists.Select(list => list.Order().ToArray());
    }

    private int Triangles(int node)
    {
        var count = 0;
        var around = neighbours[node];
        for (var i = 0; i < around.Length; i++)
            for (var j = i + 1; j < around.Length; j++)
                if (Array.BinarySearch(neighbours[around[i]], around[j]) >= 0) count++;
        return count;
    }

    private (double Mean, int Longest) Paths()
    {
        var largest = Components()[0];
        var (sum, longest) = (0L, 0);
        foreach (var start in largest)
        {
            var distances = Distances(start);
            foreach (var node in largest)
            {
                sum += distances[node];
                longest = Math.Max(longest, distances[node]);
            }
        }
        return (sum / ((double)largest.Length * (largest.Length - 1)), longest);
    }
}
