using Paramorph.Cpu;
using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>Steps of a group before their operands have places: one step, or several that run tile by tile.</summary>
internal sealed class Draft(int rows)
{
    private readonly List<Item> items = [];
    private readonly List<Item> before = [];
    private TilePlan? tile;

    /// <summary>The roots that are read or written and live in memory of their own.</summary>
    public IEnumerable<Tensor> Roots => items.SelectMany(i => i.Roots).Where(r => tile is null || !tile.IsLocal(r)).Distinct();

    /// <summary>Operations on numbers, and bytes of operands and results, of one run.</summary>
    public Cost Cost => items.Aggregate(default(Cost), (sum, item) => sum + item.Cost);

    /// <summary>Bytes of packed operands.</summary>
    public long PackedBytes => tile is not null || IsPrepared ? items.Sum(i => Aligned(i.PackedBytes)) : 0;

    /// <summary>Whether packed operands stay from run to run.</summary>
    public bool IsPrepared => tile is null && items is [{ IsKept: true }];

    public void Add(LoweredLoop loop) => items.Add(new LoopItem(loop));

    public void Add(LoweredDot dot, ElementType type) => items.Add(new DotItem(dot, type));

    public void Add(ComplexDot dot) => items.Add(new ComplexDotItem(dot));

    public void Add(RowReduction reduction) => items.Add(new RowReductionItem(reduction));

    /// <summary>A kernel of its own.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Its operands, in row-major order.</param>
    /// <param name="result">How its result lies, which is in row-major order but for a convolution's.</param>
    /// <param name="isRead">Whether somebody reads a result.</param>
    /// <param name="companion">An operation on the same operands whose results the kernel gives behind its own, if there is one.</param>
    public void Add(Operation operation, List<Strided> inputs, Strided result, Func<Tensor, bool> isRead, Operation? companion) =>
        items.Add(new KernelItem(operation, inputs, result, isRead, companion));

    /// <summary>A copy that needs nothing of this group: it runs before it.</summary>
    public void CopyBefore(Strided from, Strided to) => before.AddRange(CopyLowering.Of(from, to, -1).Select(loop => new LoopItem(loop)));

    /// <summary>A copy of a result of this group.</summary>
    public void Copy(Strided from, Strided to, int rowAxis) => items.AddRange(CopyLowering.Of(from, to, rowAxis).Select(loop => new LoopItem(loop)));

    /// <summary>Lets the steps run tile by tile.</summary>
    public void Tile(TilePlan plan) => tile = plan;

    /// <summary>The copies that come first.</summary>
    public IEnumerable<Draft> Before => before.Select(Single);

    /// <summary>Each step by itself.</summary>
    public IEnumerable<Draft> Separate() => items.Select(Single);

    public Step Finish(MemoryPlan memory, int slots, CompilerOptions options)
    {
        if (tile is null) return items[0].Finish(new Placement(memory, null, options), IsPrepared ? memory.PackedPlace(this) : null, false);
        var placement = new Placement(memory, tile, options);
        var closings = new List<(Accumulator, Place)>();
        var steps = new List<RowStep>();
        var packedAt = memory.PackedPlace(this);
        foreach (var item in items)
        {
            steps.Add((RowStep)item.Finish(placement, item.PackedBytes > 0 ? packedAt : null, true));
            packedAt = packedAt with { Offset = packedAt.Offset + Aligned(item.PackedBytes) };
            foreach (var (accumulator, root) in item.Closings.Zip(item.Closed)) closings.Add((accumulator, memory.PlaceOf(root)));
        }
        return new TiledStep(steps, closings, rows, tile, slots);
    }

    private static Draft Single(Item item)
    {
        var draft = new Draft(0);
        draft.items.Add(item);
        return draft;
    }

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;

    /// <summary>Where roots are: in tiles, in partial sums, or in memory of their own.</summary>
    private sealed class Placement(MemoryPlan memory, TilePlan? tile, CompilerOptions options)
    {
        private long partials;

        /// <summary>How loops, and bodies of loops and branches, are compiled.</summary>
        public CompilerOptions Options => options;

        public Place Of(Tensor root, long offset, long rowStride)
        {
            var size = root.ElementType.Size();
            if (tile is not null && tile.IsLocal(root)) return new(Place.Tile, tile.Offset(root) + offset * size, rowStride * size);
            var place = memory.PlaceOf(root);
            return place with { Offset = place.Offset + offset * size, RowBytes = rowStride * size };
        }

        /// <summary>The next room among the partial sums.</summary>
        public Place Partial(Accumulator accumulator)
        {
            var place = new Place(Place.Partials, partials, 0);
            partials += accumulator.Bytes;
            return place;
        }
    }

    private abstract class Item
    {
        public abstract IEnumerable<Tensor> Roots { get; }

        public abstract IEnumerable<Tensor> Written { get; }

        public virtual Cost Cost => default;

        /// <summary>What is summed over the rows, and into which roots.</summary>
        public virtual IEnumerable<Accumulator> Closings => [];

        public virtual IEnumerable<Tensor> Closed => [];

        public virtual long PackedBytes => 0;

        /// <summary>Whether its packed operand is the same in all runs of a session.</summary>
        public virtual bool IsKept => false;

        public abstract Step Finish(Placement placement, Place? packed, bool isTiled);
    }

    private sealed class LoopItem(LoweredLoop loop) : Item
    {
        public override Cost Cost
        {
            get
            {
                var (extents, operands) = (loop.Program.Extents, loop.Program.Operands);
                var bytes = loop.Places.Select((p, i) => operands[i].Strides.Select((s, d) => s == 0 ? 1 : extents[d]).Aggregate((long)p.Root.ElementType.Size(), (n, e) => n * e));
                return new(extents.Aggregate((long)loop.Program.Instructions.Length, (n, e) => n * e), bytes.Sum());
            }
        }

        public override IEnumerable<Tensor> Roots => loop.Places.Select(p => p.Root);

        public override IEnumerable<Tensor> Written =>
            loop.Program.Stores.Select(s => s.Operand).Concat(loop.Program.Reductions.Select(r => r.Operand)).Select(o => loop.Places[o].Root);

        public override IEnumerable<Accumulator> Closings => loop.Accumulated.Select(a => Accumulator.Of(loop.Program, a.Operand, a.Kind));

        public override IEnumerable<Tensor> Closed => loop.Accumulated.Select(a => loop.Places[a.Operand].Root);

        public override Step Finish(Placement placement, Place? packed, bool isTiled)
        {
            var places = loop.Places.Select(p => placement.Of(p.Root, p.Offset, p.RowStride)).ToArray();
            if (isTiled)
                foreach (var (operand, kind) in loop.Accumulated) places[operand] = placement.Partial(Accumulator.Of(loop.Program, operand, kind));
            return new LoopStep(loop, places, isTiled, placement.Options.EmitsLoops);
        }
    }

    private sealed class RowReductionItem(RowReduction reduction) : Item
    {
        public override Cost Cost => new(reduction.Input.Shape.ElementCount, (long)reduction.Input.Shape.ElementCount * reduction.Input.Root.ElementType.Size());

        public override IEnumerable<Tensor> Roots => [reduction.Input.Root, reduction.Output.Root];

        public override IEnumerable<Tensor> Written => [reduction.Output.Root];

        public override IEnumerable<Accumulator> Closings => [reduction.Accumulator];

        public override IEnumerable<Tensor> Closed => [reduction.Output.Root];

        public override Step Finish(Placement placement, Place? packed, bool isTiled)
        {
            var input = placement.Of(reduction.Input.Root, reduction.Input.Offset, reduction.Input.Strides[reduction.RowAxis]);
            return RowReductionStep.Of(reduction, input, placement.Partial(reduction.Accumulator));
        }
    }

    private sealed class DotItem(LoweredDot dot, ElementType type) : Item
    {
        public override Cost Cost => new(
            dot.Outer.Aggregate(2 * dot.M.Count * dot.N.Count * dot.K.Count, (n, l) => n * l.Count),
            new[] { dot.A, dot.B, dot.C }.Sum(s => (long)s.Shape.ElementCount * s.Root.ElementType.Size()));

        public override IEnumerable<Tensor> Roots => [dot.A.Root, dot.B.Root, dot.C.Root];

        public override IEnumerable<Tensor> Written => [dot.C.Root];

        public override IEnumerable<Accumulator> Closings => dot.Rows == DotRows.Depth ? [new Accumulator(-1, type, dot.C.Root.Count, ReductionKind.Sum)] : [];

        public override IEnumerable<Tensor> Closed => dot.Rows == DotRows.Depth ? [dot.C.Root] : [];

        public override bool IsKept => dot.CanKeepRight;

        public override long PackedBytes => type switch
        {
            ElementType.Float32 => DotStep<RealProduct<float>, float, float>.PackedBytes(dot),
            ElementType.Float64 => DotStep<RealProduct<double>, double, double>.PackedBytes(dot),
            _ => DotStep<QuantisedProduct, sbyte, int>.PackedBytes(dot),
        };

        public override Step Finish(Placement placement, Place? packed, bool isTiled)
        {
            var (rowA, rowB, rowC) = dot.Rows switch
            {
                DotRows.Left => (dot.M.A * dot.RowFactor, 0L, dot.M.C * dot.RowFactor),
                DotRows.Right => (0L, dot.N.B, dot.N.C),
                DotRows.Depth => (dot.K.A, dot.K.B, 0L),
                DotRows.Batch => (dot.Outer[0].A, dot.Outer[0].B, dot.Outer[0].C),
                _ => (0L, 0L, 0L),
            };
            var a = placement.Of(dot.A.Root, dot.A.Offset, rowA);
            var b = placement.Of(dot.B.Root, dot.B.Offset, rowB);
            var closing = Closings.FirstOrDefault();
            var c = isTiled && closing is not null ? placement.Partial(closing) : placement.Of(dot.C.Root, dot.C.Offset, rowC);
            return type switch
            {
                ElementType.Float32 => new DotStep<RealProduct<float>, float, float>(dot, a, b, c, packed, isTiled),
                ElementType.Float64 => new DotStep<RealProduct<double>, double, double>(dot, a, b, c, packed, isTiled),
                _ => new DotStep<QuantisedProduct, sbyte, int>(dot, a, b, c, packed, isTiled),
            };
        }
    }

    private sealed class ComplexDotItem(ComplexDot dot) : Item
    {
        public override IEnumerable<Tensor> Roots => [dot.Left.Root, dot.Right.Root, dot.Result.Root];

        public override IEnumerable<Tensor> Written => [dot.Result.Root];

        public override Step Finish(Placement placement, Place? packed, bool isTiled) =>
            dot.Step([placement.Of(dot.Left.Root, dot.Left.Offset, 0), placement.Of(dot.Right.Root, dot.Right.Offset, 0), placement.Of(dot.Result.Root, 0, 0)]);
    }

    private sealed class KernelItem(Operation operation, List<Strided> inputs, Strided result, Func<Tensor, bool> isRead, Operation? companion) : Item
    {
        private readonly Tensor[] outputs = companion is null ? operation.Outputs.ToArray() : [.. operation.Outputs, .. companion.Outputs];

        public override Cost Cost => operation.Cost();

        public override IEnumerable<Tensor> Roots => [.. inputs.Select(i => i.Root), .. Written];

        // A loop does not store what nobody reads.
        public override IEnumerable<Tensor> Written => outputs.Where(o => operation.Primitive is not Scan || isRead(o));

        public override Step Finish(Placement placement, Place? packed, bool isTiled)
        {
            Place[] operands = [.. inputs.Select(i => placement.Of(i.Root, i.Offset, 0))];
            return operation.Primitive is Scan
                ? new ScanStep(operation, operands, [.. outputs.Select(o => isRead(o) ? placement.Of(o, 0, 0) : (Place?)null)], placement.Options)
                : operation.Primitive is Convolution convolution && ConvolutionStep.Supports(operation)
                ? ConvolutionStep.Of(convolution, inputs, operands, result, placement.Of(outputs[0], 0, 0))
                : KernelSteps.Of(operation, operands, [.. outputs.Select(o => placement.Of(o, 0, 0))], placement.Options);
        }
    }
}
