using Paramorph.Data;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Problems;

namespace Paramorph.Bayes;

/// <summary>
/// A classifier by the regions that classes fill: the examples of a class are triangulated, triangles between points that are no neighbours are taken away, and what is left is its region. A point
/// belongs to the class in whose region it lies deepest, or whose region is nearest. Of more than two columns many pairs vote. (Wang, Fan, Xiao and Wang, "Manifoldron: direct space partition via
/// manifold discovery", 2022.)
/// </summary>
/// <param name="Pairs">The columns of each plane: i32 [planes, 2].</param>
/// <param name="Regions">The region of each class in each plane, the classes of a plane one behind the other.</param>
/// <param name="Sharpness">What distances are multiplied by to be logits, for each plane: [planes].</param>
[Tree]
public sealed partial record Manifoldron(Tensor Pairs, TreeList<PlanarRegion> Regions, Tensor Sharpness) : ILayer
{
    private const int MostRows = 3000, MostColumns = 64;

    /// <summary>It as a method.</summary>
    [Method]
    public static Method Method { get; } = new SolvedMethod("manifoldron", "Regions of classes, made of triangles between neighbouring examples; the nearest or deepest one answers.", Fit, Shape, Work)
    {
        Kinds = ["table-classification"],
        GoodAt = "classes of any shape in the plane, with little overlap",
        Paper = "Wang, Fan, Xiao and Wang, Manifoldron: direct space partition via manifold discovery, 2022",
        IsAutomatic = false,
        Limits = problem => problem.Split.Train.Count > MostRows ? $"it takes at most {MostRows} rows and there are {problem.Split.Train.Count} to train"
            : problem.Signature.Inputs is < 2 or > MostColumns ? $"it takes 2 to {MostColumns} features and there are {problem.Signature.Inputs}" : null,
        Own =
        [
            Hyperparameter.Whole("neighbours", "nearest points of a class among which edges of triangles are kept", 14, 5, 40),
            Hyperparameter.Whole("planes", "pairs of columns that vote, of more than two columns", 30, 10, 60),
        ],
    };

    private int Classes => Regions.Count / Pairs.Shape[0];

    /// <summary>[n, columns] gives logits [n, classes]: the mean over the planes.</summary>
    public Tensor Call(Tensor x)
    {
        var planes = Pairs.Shape[0];
        return Enumerable.Range(0, planes).Select(plane =>
        {
            var points = x.Take(Pairs[plane], 1);
            var depths = Tensor.Stack([.. Enumerable.Range(0, Classes).Select(c => Regions[plane * Classes + c].Depth(points))], 1);
            return (depths * Sharpness[plane]).LogSoftmax() * (1.0 / planes);
        }).Aggregate((sum, votes) => sum + votes);
    }

    private static Manifoldron Fit(ExamplesProblem problem, FitRun run)
    {
        var (train, inputs, choice) = (problem.Train, problem.Signature.Inputs, run.Configuration);
        var (values, labels) = (train.Inputs.ToArray<float>(), train.Targets.ToArray<int>());
        (int First, int Second)[] all = [.. Enumerable.Range(0, inputs).SelectMany(first => Enumerable.Range(first + 1, inputs - first - 1).Select(second => (first, second)))];
        (int First, int Second)[] pairs = [.. new KeyRandom(run.Key).Permutation(all.Length).Take(choice.Whole("planes")).Select(i => all[i])];
        var (regions, sharpness) = (new List<PlanarRegion>(), new List<float>());
        foreach (var (i, (first, second)) in pairs.Index())
        {
            run.Progress?.Invoke(i, pairs.Length, double.NaN);
            run.Cancellation.ThrowIfCancellationRequested();
            var spacings = new List<double>();
            for (var label = 0; label < problem.Signature.Outputs; label++)
            {
                (double X, double Y)[] points = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == label)
                    .Select(row => ((double)values[row * inputs + first], (double)values[row * inputs + second]))];
                regions.Add(PlanarRegion.Of(points, choice.Whole("neighbours"), spacings));
            }
            // One usual distance to a neighbour is one step of the logit.
            spacings.Sort();
            sharpness.Add((float)(1 / Math.Max(1e-3, spacings.Count > 0 ? spacings[spacings.Count / 2] : 1)));
        }
        return new(Tensor.From<int>([.. pairs.SelectMany(pair => (int[])[pair.First, pair.Second])], [pairs.Length, 2]), [.. regions], Tensor.From<float>([.. sharpness]));
    }

    private static Manifoldron Shape(ModelSignature signature, Configuration configuration, IReadOnlyDictionary<string, TensorType> stored)
    {
        Tensor Zeros(string path) => Tensor.Zeros(stored[path].Shape, stored[path].ElementType);
        var planes = stored["sharpness"].Shape[0];
        return new(Zeros("pairs"), [.. Enumerable.Range(0, planes * signature.Outputs).Select(i => new PlanarRegion(Zeros($"regions[{i}].triangles"), Zeros($"regions[{i}].rim")))], Zeros("sharpness"));
    }

    private static Effort Work(ExamplesProblem problem, Configuration configuration)
    {
        var (rows, inputs) = ((double)problem.Split.Train.Count, problem.Signature.Inputs);
        // Each point is tried on all triangles of its class so far, and has its distances to its class sorted.
        return new(60 * Math.Min(configuration.Whole("planes"), inputs * (inputs - 1) / 2) * rows * rows / problem.Signature.Outputs, 0, 0);
    }
}

/// <summary>A region of the plane: triangles, and the edges of one triangle alone, which are its rim; single points are edges without length.</summary>
/// <param name="Triangles">Corners, counterclockwise: [triangles, 3, 2].</param>
/// <param name="Rim">Ends: [edges, 2, 2].</param>
[Tree]
public sealed partial record PlanarRegion(Tensor Triangles, Tensor Rim)
{
    /// <summary>The region of points: their Delaunay triangles between which all are neighbours.</summary>
    /// <param name="points">The points, at least one.</param>
    /// <param name="neighbours">Two points are neighbours where one is among so many nearest ones of the other.</param>
    /// <param name="spacings">Takes the distance of each point to its nearest one.</param>
    internal static PlanarRegion Of(IReadOnlyList<(double X, double Y)> points, int neighbours, List<double> spacings)
    {
        // A class without examples is nowhere.
        if (points.Count == 0) points = [(1e6, 1e6)];
        double Distance(int a, int b) => Math.Sqrt((points[a].X - points[b].X) * (points[a].X - points[b].X) + (points[a].Y - points[b].Y) * (points[a].Y - points[b].Y));
        var reach = new double[points.Count];
        for (var i = 0; i < points.Count; i++)
        {
            double[] distances = [.. Enumerable.Range(0, points.Count).Select(other => Distance(i, other)).Order()];
            reach[i] = distances[Math.Min(neighbours, points.Count - 1)];
            if (points.Count > 1) spacings.Add(distances[1]);
        }
        bool Near(int a, int b) => Distance(a, b) <= Math.Max(reach[a], reach[b]);
        (int A, int B, int C)[] kept = [.. Delaunay.Triangles(points).Where(t => Near(t.A, t.B) && Near(t.B, t.C) && Near(t.C, t.A))];
        var rim = new HashSet<(int From, int To)>();
        foreach (var (from, to) in kept.SelectMany(t => ((int, int)[])[(t.A, t.B), (t.B, t.C), (t.C, t.A)]))
            if (!rim.Remove((to, from))) rim.Add((from, to));
        var used = kept.SelectMany(t => (int[])[t.A, t.B, t.C]).ToHashSet();
        foreach (var alone in Enumerable.Range(0, points.Count).Where(point => !used.Contains(point))) rim.Add((alone, alone));
        // A triangle without extent, which holds nothing, stands for none.
        int[] corners = kept.Length > 0 ? [.. kept.SelectMany(t => (int[])[t.A, t.B, t.C])] : [0, 0, 0];
        Tensor Places(int[] which, int each) => Tensor.From<float>([.. which.SelectMany(i => (float[])[(float)points[i].X, (float)points[i].Y])], [which.Length / each, each, 2]);
        return new(Places(corners, 3), Places([.. rim.SelectMany(edge => (int[])[edge.From, edge.To])], 2));
    }

    /// <summary>The distance to the rim, within the region positive and outside negative: [n, 2] gives [n].</summary>
    public Tensor Depth(Tensor points)
    {
        var (x, y) = (points[.., ..1], points[.., 1..]);
        // A point is within where no edge has it on its right; in a triangle without extent there is nothing.
        var isWithin = (Left(0, 1, x, y) >= 0.0) & (Left(1, 2, x, y) >= 0.0) & (Left(2, 0, x, y) >= 0.0) & (Left(0, 1, Triangles[.., 2, 0], Triangles[.., 2, 1]) > 0.0);
        var (from, way) = (Rim[.., 0], Rim[.., 1] - Rim[.., 0]);
        var (dx, dy) = (x - from[.., 0], y - from[.., 1]);
        var along = Tensor.Clamp((dx * way[.., 0] + dy * way[.., 1]) / (Tensor.Square(way).Sum(-1) + 1e-12), 0.0, 1.0);
        var distance = Tensor.Sqrt((Tensor.Square(dx - along * way[.., 0]) + Tensor.Square(dy - along * way[.., 1])).Min(-1) + 1e-12);
        return Tensor.Where(isWithin.Any(-1), distance, -distance);
    }

    /// <summary>How far left of an edge of each triangle, times its length.</summary>
    private Tensor Left(int from, int to, Tensor x, Tensor y)
    {
        var (a, b) = (Triangles[.., from], Triangles[.., to]);
        return (b[.., 0] - a[.., 0]) * (y - a[.., 1]) - (b[.., 1] - a[.., 1]) * (x - a[.., 0]);
    }
}
