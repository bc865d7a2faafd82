using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Takes sums before products instead of after them, and repeats after operations instead of before them, where that makes products smaller: what is
/// linear lets a sum through, whether over axes or of terms that have a factor in common. So Taylor jets along several directions whose highest
/// coefficients are only summed carry one coefficient for all directions (collapsed Taylor mode), in the derivative of such a sum as well.
/// </summary>
/// <remarks>
/// A sum moves only where it passes a product on its way, and the whole is kept only if it takes less arithmetic: a tensor that is also read
/// unsummed is computed anyway.
/// </remarks>
internal sealed class TravellingSums
{
    /// <summary>Sums stop on their way after so many operations, so that no program exhausts the stack.</summary>
    private const int Farthest = 400;

    /// <summary>Sums of more terms are not searched for factors in common.</summary>
    private const int MostTerms = 32;

    private readonly Dictionary<(Tensor, Sequence<int>), Moved> known = [];
    private readonly Dictionary<(Tensor, Tensor, bool), Tensor?> joined = [];
    private bool makesProductsSmaller;

    /// <summary>The computation with sums and repetitions moved, if that is less work.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        if (!options.MovesSums || !computation.Operations.Any(o => o.Primitive is Dot)) return computation;
        var sums = new TravellingSums();
        var inputs = computation.Inputs;
        var moved = Computation.Trace(
            computation.Name, x => computation.Rewrite(x, (operation, operands) => sums.Do(operation.Primitive, operands)), [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]);
        if (!sums.makesProductsSmaller) return computation;
        moved = Simplifier.Simplify(moved, options);
        return Products(moved) < Products(computation) && moved.Cost.Flops <= computation.Cost.Flops ? moved : computation;
    }

    /// <summary>Operations that matrix products take.</summary>
    private static long Products(Computation computation) => computation.Operations.Where(o => o.Primitive is Dot).Sum(o => o.Cost().Flops);

    /// <summary>A tensor summed over axes, and whether a product became smaller by it.</summary>
    private readonly record struct Moved(Tensor Value, bool PassesProduct);

    /// <summary>An operation, with what its operands repeat repeated after it.</summary>
    private Tensor[] Do(Primitive primitive, params Tensor[] x)
    {
        switch (primitive)
        {
            case Reduce { Kind: ReductionKind.Sum } reduce when x[0].ElementType.IsDifferentiable():
                var sum = Sum(x[0], [.. reduce.Axes.Order()], 0);
                return sum.PassesProduct ? [sum.Value] : Tensor.Bind(primitive, x);
            case Elementwise when Repeated(x) is { Count: > 0 } axes:
                return [Repeat(Tensor.Bind(primitive, Array.ConvertAll(x, t => Once(t, axes)))[0], x[0].Shape, axes)];
            case Transpose transpose when Repeated(x) is { Count: > 0 } axes:
                var permutation = Without(transpose.Permutation.Where(a => !axes.Contains(a)), axes);
                var to = axes.Select(a => transpose.Permutation.ToList().IndexOf(a)).Order();
                return [Repeat(Tensor.Bind(new Transpose(permutation), Once(x[0], axes))[0], [.. transpose.Permutation.Select(a => x[0].Shape[a])], [.. to])];
            case Elementwise when primitive == Elementwise.Add || primitive == Elementwise.Subtract:
                return Joined(x[0], x[1], primitive == Elementwise.Subtract, 0) is { } shorter ? [shorter] : Tensor.Bind(primitive, x);
            case Dot dot when x[0].ElementType.IsDifferentiable():
                return [Product(dot, x[0], x[1])];
            default:
                return Tensor.Bind(primitive, x);
        }
    }

    /// <summary>A product in which no operand repeats along an axis that the other does not have, and none along a contracted one.</summary>
    private Tensor Product(Dot dot, Tensor left, Tensor right)
    {
        int[] OfContracted(Tensor x, Sequence<int> axes) => [.. Enumerable.Range(0, axes.Count).Where(i => Repeated([x]).Contains(axes[i]))];
        if (OfContracted(left, dot.LeftContracted) is { Length: > 0 } pairs || OfContracted(right, dot.RightContracted) is { Length: > 0 } others && (pairs = others) is not null)
        {
            // The sum over a pair of axes along which one side repeats is that side times the sum of the other.
            var isLeft = OfContracted(left, dot.LeftContracted).Length > 0;
            makesProductsSmaller = true;
            Sequence<int> ofLeft = [.. pairs.Select(i => dot.LeftContracted[i]).Order()], ofRight = [.. pairs.Select(i => dot.RightContracted[i]).Order()];
            return Product(Shortened(dot, ofLeft, ofRight), isLeft ? Once(left, ofLeft) : Summed(left, ofLeft), isLeft ? Summed(right, ofRight) : Once(right, ofRight));
        }
        Sequence<int> freeLeft = Free(left.Rank, dot.LeftBatch, dot.LeftContracted), freeRight = Free(right.Rank, dot.RightBatch, dot.RightContracted);
        Sequence<int> repeatedLeft = [.. Repeated([left]).Intersect(freeLeft)], repeatedRight = [.. Repeated([right]).Intersect(freeRight)];
        if (repeatedLeft.Count + repeatedRight.Count == 0) return Tensor.Bind(dot, left, right)[0];
        makesProductsSmaller = true;
        var first = dot.LeftBatch.Count;
        int[] repeated =
        [
            .. repeatedLeft.Select(a => first + freeLeft.ToList().IndexOf(a)),
            .. repeatedRight.Select(a => first + freeLeft.Count + freeRight.ToList().IndexOf(a)),
        ];
        var shape = dot.Infer([left.Type, right.Type])[0].Shape;
        return Repeat(Product(Shortened(dot, repeatedLeft, repeatedRight), Once(left, repeatedLeft), Once(right, repeatedRight)), shape, [.. repeated]);
    }

    /// <summary>A product without some axes of its operands.</summary>
    private static Dot Shortened(Dot dot, Sequence<int> left, Sequence<int> right)
    {
        int[] kept = [.. Enumerable.Range(0, dot.LeftContracted.Count).Where(i => !left.Contains(dot.LeftContracted[i]))];
        return new(
            Without(dot.LeftBatch, left), Without(dot.RightBatch, right),
            Without([.. kept.Select(i => dot.LeftContracted[i])], left), Without([.. kept.Select(i => dot.RightContracted[i])], right));
    }

    private Tensor Summed(Tensor x, Sequence<int> axes) => axes.Count == 0 ? x : Sum(x, axes, 0).Value;

    /// <summary>The sum over axes, which rise, taken as early as possible.</summary>
    private Moved Sum(Tensor x, Sequence<int> axes, int distance)
    {
        if (axes.Count == 0) return new(x, false);
        if (known.TryGetValue((x, axes), out var ready)) return ready;
        var moved = distance < Farthest && x.Source is { } operation ? Through(operation, x, axes, distance + 1) : null;
        return known[(x, axes)] = moved ?? new(Tensor.Bind(new Reduce(ReductionKind.Sum, axes), x)[0], false);
    }

    /// <summary>The sum of a result taken of the operands, or null where that passes no product.</summary>
    private Moved? Through(Operation operation, Tensor x, Sequence<int> axes, int distance)
    {
        Tensor[] operands = [.. operation.Inputs];
        switch (operation.Primitive)
        {
            case var function when function == Elementwise.Add || function == Elementwise.Subtract || function == Elementwise.Negate:
                var terms = Array.ConvertAll(operands, t => Sum(t, axes, distance));
                return terms.Any(t => t.PassesProduct) ? new(Do(function, Array.ConvertAll(terms, t => t.Value))[0], true) : null;
            case var function when function == Elementwise.Multiply || function == Elementwise.Divide:
                return Scaled(function, operands, axes, distance);
            case Dot dot when Factors(dot, operands, axes, distance) is { } product:
                return product;
            case Broadcast broadcast when broadcast.Axes.Any(axes.Contains):
                Sequence<int> inside = [.. Enumerable.Range(0, broadcast.Axes.Count).Where(i => axes.Contains(broadcast.Axes[i]))];
                if (Sum(operands[0], inside, distance) is not { PassesProduct: true } once) return null;
                var times = axes.Where(a => !broadcast.Axes.Contains(a)).Aggregate(1.0, (count, a) => count * x.Shape[a]);
                var kept = Without(broadcast.Axes.Where(a => !axes.Contains(a)), axes);
                return new(Tensor.Bind(new Broadcast(Cut(x.Shape, axes), kept), times == 1 ? once.Value : once.Value * times)[0], true);
            case Transpose transpose:
                if (Sum(operands[0], [.. axes.Select(a => transpose.Permutation[a]).Order()], distance) is not { PassesProduct: true } turned) return null;
                int[] rest = [.. transpose.Permutation.Where((_, a) => !axes.Contains(a))];
                return new(Do(new Transpose([.. rest.Select(a => rest.Count(other => other < a))]), turned.Value)[0], true);
            case Reshape when SameAxes(operands[0].Shape, x.Shape, axes) is { } same:
                return Sum(operands[0], same, distance) is { PassesProduct: true } reshaped ? new(Do(new Reshape(Cut(x.Shape, axes)), reshaped.Value)[0], true) : null;
            case Reduce { Kind: ReductionKind.Sum } reduce:
                int[] left = [.. Enumerable.Range(0, operands[0].Rank).Where(a => !reduce.Axes.Contains(a))];
                return Sum(operands[0], [.. reduce.Axes.Concat(axes.Select(a => left[a])).Order()], distance) is { PassesProduct: true } both ? both : null;
            default:
                return null;
        }
    }

    /// <summary>The sum of a product or quotient by elements, of which one operand repeats along axes of the sum.</summary>
    private Moved? Scaled(Primitive function, Tensor[] x, Sequence<int> axes, int distance)
    {
        foreach (var factor in function == Elementwise.Divide ? [1] : (int[])[0, 1])
        {
            Sequence<int> repeated = [.. Repeated([x[factor]]).Intersect(axes).Order()];
            if (repeated.Count == 0 || Sum(x[1 - factor], repeated, distance) is not { PassesProduct: true } sum) continue;
            var scale = Once(x[factor], repeated);
            var scaled = Do(function, factor == 0 ? [scale, sum.Value] : [sum.Value, scale])[0];
            return new(Sum(scaled, Without(axes.Except(repeated), repeated), distance).Value, true);
        }
        return null;
    }

    /// <summary>The sum of a matrix product over free axes: the product of the sums.</summary>
    private Moved? Factors(Dot dot, Tensor[] x, Sequence<int> axes, int distance)
    {
        Sequence<int> freeLeft = Free(x[0].Rank, dot.LeftBatch, dot.LeftContracted), freeRight = Free(x[1].Rank, dot.RightBatch, dot.RightContracted);
        var (left, right) = (dot.LeftBatch.Count, dot.LeftBatch.Count + freeLeft.Count);
        Sequence<int> ofLeft = [.. axes.Where(a => a >= left && a < right).Select(a => freeLeft[a - left])], ofRight = [.. axes.Where(a => a >= right).Select(a => freeRight[a - right])];
        if (ofLeft.Count + ofRight.Count == 0) return null;
        makesProductsSmaller = true;
        var product = Product(Shortened(dot, ofLeft, ofRight), Sum(x[0], ofLeft, distance).Value, Sum(x[1], ofRight, distance).Value);
        return new(Sum(product, [.. axes.Where(a => a < left)], distance).Value, true);
    }

    /// <summary>The sum or difference of two tensors with products of one factor, among all terms of both, as one product; null if there are none.</summary>
    private Tensor? Joined(Tensor left, Tensor right, bool isDifference, int distance)
    {
        if (distance > Farthest || !left.ElementType.IsDifferentiable()) return null;
        var terms = new List<(Tensor Value, bool IsNegative)>();
        if (!Split(left, false, terms) || !Split(right, isDifference, terms)) return null;
        var count = terms.Count;
        for (var i = 0; i < terms.Count; i++)
        {
            for (var j = terms.Count - 1; j > i; j--)
            {
                if (Common(terms[i].Value, terms[j].Value, terms[i].IsNegative != terms[j].IsNegative, distance + 1) is not { } both) continue;
                terms[i] = (both, terms[i].IsNegative);
                terms.RemoveAt(j);
            }
        }
        if (terms.Count == count) return null;
        var ordered = terms.OrderBy(t => t.IsNegative).ToArray();
        var first = ordered[0].IsNegative ? Tensor.Bind(Elementwise.Negate, ordered[0].Value)[0] : ordered[0].Value;
        return ordered.Skip(1).Aggregate(first, (sum, term) => Tensor.Bind(term.IsNegative ? Elementwise.Subtract : Elementwise.Add, sum, term.Value)[0]);
    }

    /// <summary>The terms of a sum; false if they are too many.</summary>
    private static bool Split(Tensor sum, bool isNegative, List<(Tensor, bool)> terms)
    {
        var open = new Stack<(Tensor Value, bool IsNegative)>([(sum, isNegative)]);
        while (open.TryPop(out var next))
        {
            if (next.Value.Source is { Primitive: Elementwise function } source && (function == Elementwise.Add || function == Elementwise.Subtract || function == Elementwise.Negate))
            {
                for (var i = source.Inputs.Length - 1; i >= 0; i--)
                    open.Push((source.Inputs[i], next.IsNegative ^ (function == Elementwise.Negate || (i == 1 && function == Elementwise.Subtract))));
            }
            else
            {
                terms.Add(next);
            }
            if (terms.Count + open.Count > MostTerms) return false;
        }
        return true;
    }

    /// <summary>The sum or difference of two terms as one product with the factor that they share, or null.</summary>
    private Tensor? Common(Tensor left, Tensor right, bool isDifference, int distance)
    {
        if (left == right || left.Source is not { } a || right.Source is not { } b || a.Primitive != b.Primitive) return null;
        if (joined.TryGetValue((left, right, isDifference), out var ready)) return ready;
        return joined[(left, right, isDifference)] = a.Primitive switch
        {
            Dot dot when a.Inputs[1] == b.Inputs[1] => Product(dot, Together(a.Inputs[0], b.Inputs[0]), a.Inputs[1]),
            Dot dot when a.Inputs[0] == b.Inputs[0] => Product(dot, a.Inputs[0], Together(a.Inputs[1], b.Inputs[1])),
            var function when function == Elementwise.Multiply => Enumerable.Range(0, 4).Select(i => Shared(function, i >> 1, i & 1)).FirstOrDefault(t => t is not null),
            var function when function == Elementwise.Divide => Shared(function, 1, 1),
            Transpose or Reshape or Broadcast or Reduce { Kind: ReductionKind.Sum } =>
                Joined(a.Input, b.Input, isDifference, distance) is { } both ? Do(a.Primitive, both)[0] : null,
            _ => null,
        };

        Tensor Together(Tensor x, Tensor y)
        {
            makesProductsSmaller = true;
            return Joined(x, y, isDifference, distance) ?? Tensor.Bind(isDifference ? Elementwise.Subtract : Elementwise.Add, x, y)[0];
        }

        // The operand of each that is the same, and the others together.
        Tensor? Shared(Primitive function, int ofA, int ofB)
        {
            if (a.Inputs[ofA] != b.Inputs[ofB] || Joined(a.Inputs[1 - ofA], b.Inputs[1 - ofB], isDifference, distance) is not { } others) return null;
            return Do(function, ofA == 0 ? [a.Inputs[ofA], others] : [others, a.Inputs[ofA]])[0];
        }
    }

    /// <summary>The axes of a shape that are axes of another one by the same place and size, or null if one is not.</summary>
    private static Sequence<int>? SameAxes(Shape before, Shape after, Sequence<int> axes)
    {
        var same = new List<int>();
        foreach (var axis in axes)
        {
            var inner = after[(axis + 1)..].ElementCount;
            var found = Enumerable.Range(0, before.Rank).FirstOrDefault(a => before[a] == after[axis] && before[(a + 1)..].ElementCount == inner, -1);
            if (found < 0) return null;
            same.Add(found);
        }
        return same.Distinct().Count() == same.Count ? [.. same.Order()] : null;
    }

    /// <summary>The axes along which all of the tensors only repeat, rising.</summary>
    private static Sequence<int> Repeated(Tensor[] x)
    {
        IEnumerable<int> Of(Tensor t) => t.Source is { Primitive: Broadcast broadcast } ? Enumerable.Range(0, t.Rank).Except(broadcast.Axes) : [];
        return [.. x.Select(Of).Aggregate((a, b) => a.Intersect(b)).Order()];
    }

    /// <summary>A tensor that repeats along axes, once along them.</summary>
    private static Tensor Once(Tensor x, Sequence<int> axes)
    {
        if (axes.Count == 0) return x;
        var broadcast = (Broadcast)x.Source!.Primitive;
        var shape = Cut(x.Shape, axes);
        return shape == x.Source.Input.Shape ? x.Source.Input : Tensor.Bind(new Broadcast(shape, Without(broadcast.Axes, axes)), x.Source.Input)[0];
    }

    private static Tensor Repeat(Tensor x, Shape shape, Sequence<int> axes) =>
        Tensor.Bind(new Broadcast(shape, [.. Enumerable.Range(0, shape.Rank).Where(a => !axes.Contains(a))]), x)[0];

    private static Sequence<int> Free(int rank, Sequence<int> batch, Sequence<int> contracted) =>
        [.. Enumerable.Range(0, rank).Where(a => !batch.Contains(a) && !contracted.Contains(a))];

    /// <summary>Numbers of axes once others are gone.</summary>
    private static Sequence<int> Without(IEnumerable<int> axes, Sequence<int> gone) => [.. axes.Where(a => !gone.Contains(a)).Select(a => a - gone.Count(g => g < a))];

    private static Shape Cut(Shape shape, Sequence<int> axes) => [.. shape.Where((_, a) => !axes.Contains(a))];
}
