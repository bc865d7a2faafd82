using System.Globalization;
using System.Text;

namespace Paramorph.Tests;

/// <summary>A program made of random operations, with inputs at which it is smooth and of moderate size.</summary>
/// <param name="Function">From inputs to outputs: every result that no later operation uses.</param>
/// <param name="Inputs">Values of the inputs: real ones, and integers where the program has them.</param>
/// <param name="Directions">For each real input a direction along which the program was seen to be smooth; zeros for integers.</param>
/// <param name="Text">The program, one line an operation, for messages.</param>
internal sealed record RandomProgram(Func<Tensor[], Tensor[]> Function, Tensor[] Inputs, Tensor[] Directions, string Text)
{
    public override string ToString() => Text;
}

/// <summary>What a random program may contain.</summary>
/// <param name="Real">The type of its real numbers.</param>
/// <param name="HasIntegers">Whether it also computes with integers and truth values.</param>
/// <param name="HasControl">Whether it has loops, branches and rematerialised parts.</param>
/// <param name="Rows">Where positive, most inputs have so many rows, and the operations are those of networks on a batch more often.</param>
/// <param name="HasKernels">Whether there are convolutions, windows, sorting and Fourier transforms.</param>
/// <param name="IsSmooth">Whether operations are refused that jump, bend or grow fast near the inputs; needed where derivatives are compared with differences.</param>
internal sealed record RandomProgramKind(ElementType Real = ElementType.Float64, bool HasIntegers = true, bool HasControl = true, bool IsSmooth = true, int Rows = 0, bool HasKernels = false);

/// <summary>
/// Random typed programs over the whole language. A seed and a length determine the program, and a shorter program of the same seed is its
/// beginning, so that a failing one is cut down by its length.
/// </summary>
internal sealed partial class RandomPrograms
{
    private const double Probe = 1e-3;
    private const int MaxElements = 60;
    private readonly Random random;
    private readonly Random shaking;
    private readonly RandomProgramKind kind;
    private readonly List<Step> steps = [];
    private readonly List<Tensor[]> values = [];
    private readonly int inputs;

    private RandomPrograms(int seed, RandomProgramKind kind)
    {
        (random, shaking) = (new Random(seed), new Random(seed));
        this.kind = kind;
        inputs = random.Next(1, 4) + (kind.HasIntegers ? 1 : 0);
        for (var i = 0; i < inputs; i++)
        {
            // Values are kept at the inputs and a little before and after them along a direction.
            if (kind.HasIntegers && i == inputs - 1)
            {
                var integers = Tensor.From<int>([.. Enumerable.Range(0, 3).Select(_ => random.Next(-9, 10))], [3]);
                values.Add([integers, integers, integers]);
                continue;
            }
            var shape = RandomShape();
            var (x, d) = (Noise(shape), Noise(shape));
            values.Add([x, (x - d * Probe).Evaluate(), (x + d * Probe).Evaluate()]);
        }
    }

    /// <summary>The program of a seed with a number of operations.</summary>
    public static RandomProgram Generate(int seed, int length, RandomProgramKind? kind = null)
    {
        var program = new RandomPrograms(seed, kind ?? new());
        for (var attempt = 0; program.steps.Count < length && attempt < 40 * length; attempt++) program.TryAdd();
        return program.Build();
    }

    private static (string Name, Func<Tensor, Tensor> Apply)[] Unary =>
    [
        ("negate", x => -x), ("sin", Tensor.Sin), ("cos", Tensor.Cos), ("tanh", Tensor.Tanh), ("sigmoid", Tensor.Sigmoid), ("exp", Tensor.Exp), ("erf", Tensor.Erf),
        ("erfc", Tensor.Erfc), ("atan", Tensor.Atan), ("square", Tensor.Square), ("abs", Tensor.Abs), ("expm1", Tensor.Expm1), ("sinh", Tensor.Sinh), ("sign", Tensor.Sign),
        ("log(x^2 + 1)", x => Tensor.Log(x * x + 1.0)), ("sqrt(x^2 + 0.5)", x => Tensor.Sqrt(x * x + 0.5)), ("rsqrt(x^2 + 0.5)", x => Tensor.Rsqrt(x * x + 0.5)),
        ("log1p(exp x)", x => Tensor.Log1p(Tensor.Exp(x))), ("1 / (x^2 + 1)", x => 1.0 / (x * x + 1.0)), ("asin(tanh x / 2)", x => Tensor.Asin(Tensor.Tanh(x) * 0.5)),
        ("lgamma(x^2 + 1)", x => Tensor.Lgamma(x * x + 1.0)), ("x^3", x => Tensor.Power(x, 3)), ("2 x - 0.3", x => 2.0 * x - 0.3), ("clamp", x => Tensor.Clamp(x, -1.0, 0.8)),
        ("|x + i x^2|", x => Tensor.Abs(Tensor.Complex(x + 0.3, x * x))), ("Re exp(i x)", x => Tensor.Real(Tensor.Exp(Tensor.Complex(Tensor.ZerosLike(x), x)))),
        ("x stop(x)", x => x + Tensor.Floor(x * 0.1)),
    ];

    private static (string Name, Func<Tensor, Tensor, Tensor> Apply)[] Binary =>
    [
        ("add", (x, y) => x + y), ("subtract", (x, y) => x - y), ("multiply", (x, y) => x * y), ("x / (y^2 + 1)", (x, y) => x / (y * y + 1.0)), ("maximum", Tensor.Maximum),
        ("minimum", Tensor.Minimum), ("atan2(x, y^2 + 1)", (x, y) => Tensor.Atan2(x, y * y + 1.0)), ("(x^2 + 1)^(tanh y)", (x, y) => Tensor.Power(x * x + 1.0, Tensor.Tanh(y))),
        ("where(x > y, x, sin y)", (x, y) => Tensor.Where(x > y, x, Tensor.Sin(y))), ("x mod (y^2 + 1)", (x, y) => x % (y * y + 1.0)),
    ];

    private RandomProgram Build()
    {
        var used = steps.SelectMany(s => s.Operands).ToHashSet();
        int[] outputs = [.. Enumerable.Range(inputs, steps.Count).Where(i => !used.Contains(i))];
        var count = inputs;
        Step[] program = [.. steps];
        Tensor[] Function(Tensor[] x)
        {
            var known = new List<Tensor>(x);
            foreach (var step in program) known.Add(step.Apply([.. step.Operands.Select(o => known[o])]));
            return [.. outputs.Select(o => known[o])];
        }
        Tensor[] start = [.. values.Take(count).Select(v => v[0])];
        Tensor[] directions = [.. values.Take(count).Select(v => v[0].ElementType.IsDifferentiable() ? ((v[2] - v[0]) * (1 / Probe)).Evaluate() : Tensor.ZerosLike(v[0]))];
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append(CultureInfo.InvariantCulture, $"%{i} = input {start[i]}\n");
        for (var i = 0; i < program.Length; i++)
        {
            var operands = string.Join(", ", program[i].Operands.Select(o => $"%{o}"));
            text.Append(CultureInfo.InvariantCulture, $"%{count + i} = {program[i].Name} ({operands}): {values[count + i][0].Type}\n");
        }
        text.Append("return ").AppendJoin(", ", outputs.Select(o => $"%{o}"));
        return new(Function, start, directions, text.ToString());
    }

    /// <summary>Proposes an operation and keeps it when its value is small enough and, if asked, smooth at the inputs.</summary>
    private void TryAdd()
    {
        if (Propose() is not { } step) return;
        var results = new Tensor[3];
        for (var i = 0; i < (kind.IsSmooth ? 3 : 1); i++)
        {
            results[i] = step.Apply([.. step.Operands.Select(o => values[o][i])]);
            if (results[i].Count == 0 || results[i].Count > Math.Max(MaxElements, 12 * kind.Rows)) return;
            results[i].Evaluate();
        }
        if (!IsTame(results) || (kind.IsSmooth && HangsOnRounding(step, results[0]))) return;
        steps.Add(step);
        values.Add(kind.IsSmooth ? results : [results[0], results[0], results[0]]);
    }

    private bool IsTame(Tensor[] results)
    {
        var at = results[0].ToDoubles();
        if (!at.All(v => Math.Abs(v) <= 6)) return false;
        if (!kind.IsSmooth) return true;
        var (before, after) = (results[1].ToDoubles(), results[2].ToDoubles());
        for (var i = 0; i < at.Length; i++)
        {
            var (first, second) = ((after[i] - before[i]) / (2 * Probe), (after[i] - 2 * at[i] + before[i]) / (Probe * Probe));
            if (!(Math.Abs(first) <= 20) || !(Math.Abs(second) <= 200)) return false;
        }
        return true;
    }

    /// <summary>Whether a result changes much when each operand changes a little, each element by itself: a sign of zero, the larger of two equal numbers.</summary>
    private bool HangsOnRounding(Step step, Tensor result)
    {
        var (size, most) = kind.Real == ElementType.Float32 ? (3e-6, 1e-3) : (1e-9, 1e-6);
        Tensor[] operands = [.. step.Operands.Select(o => values[o][0])];
        Tensor[] shifts =
        [
            .. operands.Select(x => x.ElementType != kind.Real
                ? Tensor.ZerosLike(x)
                : Tensor.From<double>([.. Enumerable.Range(0, x.Count).Select(_ => size * (2 * shaking.NextDouble() - 1))], x.Shape).AsType(kind.Real)),
        ];
        // To both sides, so that one of them changes the order of what is equal.
        Tensor[] shaken = [step.Apply([.. operands.Zip(shifts, (x, s) => x + s)]), step.Apply([.. operands.Zip(shifts, (x, s) => x - s)])];
        return shaken.Any(y => result.ToDoubles().Zip(y.ToDoubles(), (a, b) => Math.Abs(a - b)).Any(d => !(d <= most)));
    }

    private Step? Propose() => kind.HasKernels && random.Next(6) == 0 ? ProposeKernel() : kind.Rows > 0 && random.Next(3) == 0 ? ProposeRowWork() : random.Next(16) switch
    {
        0 or 1 or 2 => ProposeUnary(),
        3 or 4 or 5 => ProposeBinary(),
        6 or 7 => ProposeRearrangement(),
        8 => ProposeReduction(),
        9 => ProposeAccumulation(),
        10 => ProposeProduct(),
        11 => ProposeGather(),
        12 => ProposeScatter(),
        13 => ProposeJoin(),
        14 => kind.HasControl ? ProposeControl() : null,
        _ => kind.HasIntegers ? ProposeInteger() : null,
    };

    private Step ProposeUnary()
    {
        var (name, apply) = Pick(Unary);
        return new(name, x => apply(x[0]), PickReal());
    }

    private Step? ProposeBinary()
    {
        var (name, apply) = Pick(Binary);
        var (a, b) = (PickReal(), PickReal());
        if (!Broadcasts(values[a][0].Shape, values[b][0].Shape)) return new($"{name} of a mean", x => apply(x[0], x[1].Mean()), a, b);
        return new(name, x => apply(x[0], x[1]), a, b);
    }

    private Step? ProposeRearrangement()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        var axis = shape.Rank == 0 ? 0 : random.Next(shape.Rank);
        switch (random.Next(9))
        {
            case 0:
                return new("flatten", v => v[0].Reshape(-1), x);
            case 1:
                var divisor = Pick([1, 2, 3, 4]);
                return shape.ElementCount % divisor != 0 ? null : new($"reshape [{divisor}, -1]", v => v[0].Reshape(divisor, -1), x);
            case 2:
                var permutation = Enumerable.Range(0, shape.Rank).ToArray();
                random.Shuffle(permutation);
                return new($"transpose [{string.Join(", ", permutation)}]", v => v[0].Transpose(permutation), x);
            case 3:
                var repeats = random.Next(1, 4);
                return new($"repeat {repeats}", v => v[0].BroadcastTo(v[0].Shape.Insert(0, repeats)), x);
            case 4 when shape.Rank > 0:
                int start = random.Next(shape[axis]), limit = random.Next(start, shape[axis]) + 1, stride = random.Next(1, 3);
                return new($"slice {start}..{limit} by {stride} along {axis}", v => v[0].SliceAxis(axis, start, limit, stride), x);
            case 5 when shape.Rank > 0:
                int[] low = new int[shape.Rank], high = new int[shape.Rank], interior = new int[shape.Rank];
                (low[axis], high[axis], interior[axis]) = (random.Next(-1, 3), random.Next(-1, 2), random.Next(2));
                if (shape[axis] < 3) low[axis] = 1;
                return new($"pad {low[axis]}, {high[axis]}, {interior[axis]} along {axis}", v => v[0].PadWith(low, high, interior, 0.25), x);
            case 6 when shape.Rank > 0:
                return new($"flip {axis}", v => v[0].Flip(axis), x);
            case 7 when shape.Rank > 0:
                var shift = random.Next(-2, 3);
                return new($"roll {shift} along {axis}", v => v[0].Roll(shift, axis), x);
            default:
                return new("expand", v => v[0].ExpandDims(-1), x);
        }
    }

    private Step? ProposeReduction()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        if (shape.Rank == 0) return null;
        int[] axes = [.. Enumerable.Range(0, shape.Rank).Where(_ => random.Next(2) == 0)];
        if (axes.Length == 0) axes = [random.Next(shape.Rank)];
        var label = $"[{string.Join(", ", axes)}]";
        return random.Next(6) switch
        {
            0 => new($"sum {label}", v => v[0].Sum(axes), x),
            1 => new($"mean {label}", v => v[0].Mean(axes), x),
            2 => new($"product {label}", v => v[0].Product(axes), x),
            3 => new($"max {label}", v => v[0].Max(axes), x),
            4 => new($"min {label}", v => v[0].Min(axes), x),
            _ => new($"variance {label}", v => v[0].Variance(axes), x),
        };
    }

    private Step? ProposeAccumulation()
    {
        var x = PickReal();
        var rank = values[x][0].Rank;
        if (rank == 0) return null;
        var (axis, isReverse) = (random.Next(rank), random.Next(2) == 0);
        var label = $"along {axis}{(isReverse ? " in reverse" : "")}";
        return random.Next(5) switch
        {
            0 or 1 => new($"cumulative sum {label}", v => v[0].CumulativeSum(axis, isReverse), x),
            2 => new($"cumulative product {label}", v => v[0].CumulativeProduct(axis, isReverse), x),
            3 => new($"cumulative max {label}", v => v[0].CumulativeMax(axis, isReverse), x),
            _ => new($"associative scan {label}", v => AssociativeScan.Of([v[0], Tensor.Cos(v[0])], (a, b) => [a[0] + a[1] * b[0], a[1] * b[1]], axis, isReverse)[0], x),
        };
    }

    private Step? ProposeProduct()
    {
        var (a, b) = (PickReal(), PickReal());
        var (left, right) = (values[a][0].Shape, values[b][0].Shape);
        if (left.Rank == 0 || right.Rank == 0) return null;
        if (left[^1] == right[0]) return new("dot", v => v[0].Dot(v[1]), a, b);
        if (left[0] == right[0]) return new("contract first axes", v => Tensor.Contract(v[0], v[1], [0], [0]), a, b);
        if (left.Rank == 3) return new("matmul with itself turned", v => Tensor.MatMul(v[0], v[0].T), a);
        return left.Rank >= 2 ? new("dot with itself", v => Tensor.Contract(v[0], v[0], [0, 1], [0, 1]), a) : new("outer", v => Tensor.Outer(v[0], v[1]), a, b);
    }

    private Step? ProposeGather()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        if (shape.Rank == 0) return null;
        var axis = random.Next(shape.Rank);
        var indices = Indices(shape[axis], random.Next(1, 4));
        var label = $"[{string.Join(", ", indices.ToArray<int>())}] along {axis}";
        switch (random.Next(4))
        {
            case 0:
                int[] sizes = [.. shape.Select(s => random.Next(1, s + 1))];
                int[] starts = [.. shape.Select(s => random.Next(-1, s + 1))];
                return new($"dynamic slice [{string.Join(", ", sizes)}] at [{string.Join(", ", starts)}]", v => v[0].DynamicSlice(Tensor.From(starts), sizes), x);
            case 1 when shape.Rank >= 2:
                var (rows, columns) = (Indices(shape[0], 3), Indices(shape[1], 3));
                return new($"at {string.Join(' ', rows.ToArray<int>())}; {string.Join(' ', columns.ToArray<int>())}", v => v[0][rows, columns], x);
            case 2:
                var along = Indices(shape[axis], 2).Reshape([.. Enumerable.Range(0, shape.Rank).Select(a => a == axis ? 2 : 1)]).Evaluate();
                return new($"take along {label}", v => v[0].TakeAlong(along, axis), x);
            default:
                return new($"take {label}", v => v[0].Take(indices, axis), x);
        }
    }

    private Step? ProposeScatter()
    {
        var x = PickReal();
        var shape = values[x][0].Shape;
        if (shape.Rank == 0) return null;
        var indices = Indices(shape[0], random.Next(1, 4));
        var label = $"[{string.Join(", ", indices.ToArray<int>())}]";
        var from = random.Next(shape[0]);
        int[] starts = [.. shape.Select(s => random.Next(s))];
        return random.Next(5) switch
        {
            0 or 1 => new($"scatter add {label}", v => v[0].ScatterAdd(indices, Tensor.Sin(v[0][from])), x),
            2 => new($"scatter set {label}", v => v[0].ScatterSet(indices, Tensor.Cos(v[0][from])), x),
            3 => new($"scatter max {label}", v => v[0].ScatterMax(indices, v[0][from] + 0.37), x),
            _ => new($"dynamic update at [{string.Join(", ", starts)}]", v => v[0].DynamicUpdate(Tensor.From(starts), Tensor.Tanh(v[0].Slice(new int[v[0].Rank], [.. Enumerable.Repeat(1, v[0].Rank)], [.. Enumerable.Repeat(1, v[0].Rank)]))), x),
        };
    }

    private Step? ProposeJoin()
    {
        var (a, b) = (PickReal(), PickReal());
        var (left, right) = (values[a][0].Shape, values[b][0].Shape);
        if (left == right) return new("stack", v => Tensor.Stack([v[0], v[1]], -1), a, b);
        var axis = left.Rank == 0 ? 0 : random.Next(left.Rank);
        if (left.Rank > 0 && left.Rank == right.Rank && left.With(axis, 0) == right.With(axis, 0))
            return new($"concatenate along {axis}", v => Tensor.Concatenate([v[0], v[1], v[0]], axis), a, b);
        return left.Rank == 0 ? null : new($"concatenate with its cosine along {axis}", v => Tensor.Concatenate([Tensor.Cos(v[0]), v[0]], axis), a);
    }

    private Step? ProposeControl()
    {
        var (x, y) = (PickReal(), PickReal());
        var shape = values[x][0].Shape;
        var ((firstName, first), (secondName, second)) = (Pick(Unary), Pick(Unary));
        var (isReverse, rematerialises) = (random.Next(2) == 0, random.Next(2) == 0);
        var label = (isReverse ? " in reverse" : "") + (rematerialises ? ", rematerialised" : "");
        switch (random.Next(5))
        {
            case 0:
                return new($"remat {firstName}, {secondName}", v => Remat.Of(() => second(first(v[0]) + v[1].Mean())), x, y);
            case 1:
                return new($"cond {firstName} or {secondName}", v => Control.Cond(v[1].Mean() > 0.1, () => first(v[0]), () => second(v[0]) + v[1].Sum()), x, y);
            case 2:
                return new($"repeat {firstName}", v => Control.Repeat(3, (i, c) => Tensor.Tanh(first(c) * v[1].Mean() + i.AsType(kind.Real) * 0.1), v[0], rematerialises), x, y);
            default:
                if (shape.Rank == 0) return null;
                return new($"scan {firstName}, {secondName}{label}", v =>
                {
                    var (carry, results) = Control.Scan<TreePair<Tensor, Tensor>, Tensor, Tensor>(
                        (c, s) => (new(Tensor.Sin(first(c.Item1) * 0.5 + s * v[1].Mean()), c.Item2 + 1), second(c.Item1 + s) + 0.1 * c.Item2.AsType(kind.Real)),
                        new(v[0][0], Tensor.Scalar(0)), v[0], isReverse, rematerialises);
                    return results + carry.Item1;
                }, x, y);
        }
    }

    private Step? ProposeInteger()
    {
        var n = Pick([.. Enumerable.Range(0, values.Count).Where(i => values[i][0].ElementType == ElementType.Int32)]);
        var x = PickReal();
        var shape = values[x][0].Shape;
        switch (random.Next(8))
        {
            case 0:
                return new("n mod 4 + 1", v => v[0] % 4 + 1, n);
            case 1:
                return new("n // 2 - n mod 3", v => Tensor.FloorDivide(v[0], 2) - v[0] % 3, n);
            case 2:
                return new("bits of n", v => ((v[0] << 1) ^ (v[0] >> 1)) & 5, n);
            case 3 when shape.Rank > 0:
                return new("argmax", v => v[0].ArgMax(-1), x);
            case 4:
                return new("floor to n", v => Tensor.Floor(v[0] * 3.0).AsType(ElementType.Int32), x);
            case 5 when shape.Rank > 0:
                return new("take at n", v => v[0].Take(v[1] % shape[0]), x, n);
            case 6:
                return new("x where any n is odd", v => Tensor.Where(Tensor.Equal(v[1] & 1, 1).Any() & (v[1].Max() > 0), v[0], Tensor.Sin(v[0])), x, n);
            default:
                return new("x mean of n", v => v[0] + (v[1] % 3).AsType(v[0].ElementType).Mean(), x, n);
        }
    }

    private Tensor Indices(int size, int count) => Tensor.From<int>([.. Enumerable.Range(0, count).Select(_ => random.Next(-size, size))], [count]);

    private int PickReal()
    {
        // Later values are taken more often, so that programs become deep.
        int[] real = [.. Enumerable.Range(0, values.Count).Where(i => values[i][0].ElementType == kind.Real)];
        return real[Math.Max(random.Next(real.Length), random.Next(real.Length))];
    }

    private T Pick<T>(T[] choices) => choices[random.Next(choices.Length)];

    private Shape RandomShape() => kind.Rows > 0 ? RowShape() : [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(1, 5))];

    private Tensor Noise(Shape shape) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.ElementCount).Select(_ => 2 * random.NextDouble() - 1)], shape).AsType(kind.Real).Evaluate();

    private static bool Broadcasts(Shape a, Shape b)
    {
        for (var back = 1; back <= Math.Min(a.Rank, b.Rank); back++)
            if (a[^back] != b[^back] && a[^back] != 1 && b[^back] != 1) return false;
        return true;
    }

    /// <summary>One operation: what it is called, what it does, and to which values.</summary>
    private sealed record Step(string Name, Func<Tensor[], Tensor> Apply, params int[] Operands);
}
