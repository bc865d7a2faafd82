namespace Paramorph.Data;

/// <summary>Models of random graphs.</summary>
public static class RandomGraphs
{
    /// <summary>Every pair of nodes is joined with a probability, by itself (Gilbert, 1959; Erdős and Rényi, 1960).</summary>
    public static UndirectedGraph ErdosRenyi(Key key, int nodes, double probability)
    {
        var random = new KeyRandom(key);
        return new(nodes, Pairs(nodes).Where(_ => random.Chance(probability)).ToArray());
    }

    /// <summary>
    /// A ring in which every node is joined with its nearest ones, each edge then being led with a probability to another node, neither loop nor
    /// repetition (Watts and Strogatz, "Collective dynamics of small-world networks", 1998).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="nearest">Neighbours on the ring, an even number below the number of nodes.</param>
    /// <param name="rewiring">The probability.</param>
    public static UndirectedGraph WattsStrogatz(Key key, int nodes, int nearest, double rewiring)
    {
        if (nearest % 2 != 0 || nearest < 2 || nearest >= nodes)
            throw new ArgumentException($"{nearest} nearest of {nodes} nodes on a ring: the number is even, at least 2, and below that of the nodes.", nameof(nearest));
        var random = new KeyRandom(key);
        var edges = new HashSet<(int, int)>();
        for (var away = 1; away <= nearest / 2; away++)
            for (var node = 0; node < nodes; node++) edges.Add(Sorted(node, (node + away) % nodes));
        var degrees = new int[nodes];
        foreach (var (a, b) in edges) (degrees[a], degrees[b]) = (degrees[a] + 1, degrees[b] + 1);
        for (var away = 1; away <= nearest / 2; away++)
        {
            for (var node = 0; node < nodes; node++)
            {
                // A node that is joined with all others has nowhere to lead its edge.
                if (!random.Chance(rewiring) || degrees[node] == nodes - 1) continue;
                var old = (node + away) % nodes;
                int other;
                do other = random.Integer(nodes);
                while (other == node || edges.Contains(Sorted(node, other)));
                edges.Remove(Sorted(node, old));
                edges.Add(Sorted(node, other));
                degrees[old]--;
                degrees[other]++;
            }
        }
        return new(nodes, edges);
    }

    /// <summary>
    /// Nodes come one by one, each joined with different earlier ones with probabilities proportional to their degrees, from a star on (Barabási and
    /// Albert, "Emergence of scaling in random networks", 1999).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="nodes">Number of nodes.</param>
    /// <param name="attachments">Edges that a node brings, from 1 to the number of nodes less 1.</param>
    public static UndirectedGraph BarabasiAlbert(Key key, int nodes, int attachments)
    {
        if (attachments < 1 || attachments >= nodes)
            throw new ArgumentException($"{attachments} edges for each of {nodes} nodes: the number is at least 1 and below that of the nodes.", nameof(attachments));
        var random = new KeyRandom(key);
        var edges = new List<(int, int)>();
        // Every end of every edge, so that a uniform choice is one by degree.
        var ends = new List<int>();
        for (var node = attachments; node < nodes; node++)
        {
            var chosen = new HashSet<int>();
            while (chosen.Count < attachments) chosen.Add(node == attachments ? chosen.Count : ends[random.Integer(ends.Count)]);
            foreach (var other in chosen.Order())
            {
                edges.Add((other, node));
                ends.AddRange([other, node]);
            }
        }
        return new(nodes, edges);
    }

    /// <summary>Nodes of several communities, joined with one probability within and another between them (Holland et al., "Stochastic blockmodels", 1983).</summary>
    /// <param name="key">The key.</param>
    /// <param name="sizes">Number of nodes of each community; their nodes are numbered in order.</param>
    /// <param name="within">The probability within a community.</param>
    /// <param name="between">The probability between communities.</param>
    /// <returns>The graph, and the community of each node: i32 [nodes].</returns>
    public static (UndirectedGraph Graph, Tensor Communities) StochasticBlocks(Key key, IReadOnlyList<int> sizes, double within, double between)
    {
        var random = new KeyRandom(key);
        int[] community = [.. sizes.SelectMany((size, block) => Enumerable.Repeat(block, size))];
        var edges = Pairs(community.Length).Where(e => random.Chance(community[e.From] == community[e.To] ? within : between)).ToArray();
        return (new(community.Length, edges), Tensor.From(community));
    }

    private static IEnumerable<(int From, int To)> Pairs(int nodes) =>
        Enumerable.Range(0, nodes).SelectMany(a => Enumerable.Range(a + 1, nodes - a - 1).Select(b => (a, b)));

    private static (int, int) Sorted(int a, int b) => a < b ? (a, b) : (b, a);
}
