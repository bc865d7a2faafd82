using System.Security.Cryptography;
using Paramorph.Reference;

namespace Paramorph;

/// <summary>
/// A frozen expression with inputs and outputs: a program as a value. It can be printed, drawn, counted, walked, rewritten, applied to other
/// tensors and run. Its operations are in an order in which each comes after those that it needs.
/// </summary>
public sealed partial class Computation
{
    private Computation(string name, Tensor[] inputs, Tensor[] outputs, List<Operation> operations)
    {
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        Operations = operations;
        var known = new HashSet<Tensor>(inputs);
        foreach (var operation in operations) known.UnionWith(operation.Outputs.ToArray());
        var constants = new List<Tensor>();
        foreach (var operation in operations)
            foreach (var input in operation.Inputs)
                if (known.Add(input)) constants.Add(input);
        foreach (var output in outputs)
            if (known.Add(output)) constants.Add(output);
        Constants = constants;
    }

    /// <summary>What the text form calls it.</summary>
    public string Name { get; }

    /// <summary>The tensors that stand for its inputs.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>The results, in terms of inputs and constants.</summary>
    public IReadOnlyList<Tensor> Outputs { get; }

    /// <summary>The operations, each after those that it needs.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Values that occur in it.</summary>
    public IReadOnlyList<Tensor> Constants { get; }

    /// <summary>Number of elements of all inputs.</summary>
    public long InputElements => Inputs.Sum(x => (long)x.Count);

    /// <summary>Number of elements of all constants.</summary>
    public long ConstantElements => Constants.Sum(c => (long)c.Count);

    /// <summary>Flops and bytes of one run, with the bodies of loops counted as often as they run (a <c>While</c> once).</summary>
    public Cost Cost => Operations.Aggregate(default(Cost), (sum, operation) => sum + operation.Cost());

    /// <summary>How often each primitive occurs, by name; bodies of loops count once.</summary>
    public IReadOnlyDictionary<string, int> OperationCounts => new SortedDictionary<string, int>(
        AllOperations().GroupBy(o => o.Primitive.Name).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);

    /// <summary>
    /// A hash of the structure: equal for computations that do the same operations on inputs of the same types in the same order. Opaque functions
    /// (<see cref="Foreign"/>) count as the same when they are the same method, whatever they capture.
    /// </summary>
    public string StructuralHash =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ComputationText.Of(this, isExact: true))))[..16];

    /// <summary>The computation that a function does on inputs of given types.</summary>
    /// <param name="name">What the text form calls it.</param>
    /// <param name="function">The function; its tensors have shapes but no values.</param>
    /// <param name="types">Types of the inputs.</param>
    /// <param name="labels">Names of the inputs in the text form.</param>
    /// <exception cref="TraceException">The function uses a tensor of another function that is being traced.</exception>
    public static Computation Trace(string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorType> types, IReadOnlyList<string?>? labels = null)
    {
        var computation = Trace(name, function, types, labels, (t, trace) => !t.DependsOn(trace) && TraceSet.AnyOpen(t.Traces), out var captured);
        if (captured.Length > 0)
            throw new TraceException($"{name}: the function uses a tensor {captured[0].Type} of another function that is being traced: make it an input.");
        return computation;
    }

    /// <summary>
    /// The body of a loop: what does not depend on the step becomes an input too, so that it is not computed at each step. Such inputs come first, as
    /// themselves.
    /// </summary>
    internal static Computation TraceLoop(string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorType> types, out Tensor[] captured) =>
        Trace(name, function, types, null, (t, trace) => !t.DependsOn(trace) && (TraceSet.AnyOpen(t.Traces) || !IsCheap(t)), out captured);

    /// <summary>
    /// A body that is to run as a whole or not at all, a branch for example: what it uses that was there before becomes an input too, and what the
    /// function itself does stays inside. Such inputs come first, as themselves.
    /// </summary>
    internal static Computation TraceBlock(string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorType> types, out Tensor[] captured)
    {
        return Trace(name, function, types, null, Captures, out captured);

        static bool Captures(Tensor t, Trace trace)
        {
            var wasThere = t.Source is not { } source || source.Number < trace.Number;
            return wasThere && !t.DependsOn(trace) && (TraceSet.AnyOpen(t.Traces) || !IsCheap(t));
        }
    }

    private static bool IsCheap(Tensor t) =>
        t.IsEvaluated || (t.Source is { Primitive: Primitives.Broadcast or Primitives.Iota } source && source.Inputs.ToArray().All(IsCheap));

    private static Computation Trace(
        string name, Func<Tensor[], Tensor[]> function, IReadOnlyList<TensorType> types, IReadOnlyList<string?>? labels, Func<Tensor, Trace, bool> captures,
        out Tensor[] captured)
    {
        using var trace = new Trace(name, isAbstract: true);
        Tensor[] inputs = [.. types.Select((type, i) => trace.Placeholder(type, labels?[i]))];
        var outputs = function(inputs);
        var outer = new List<Tensor>();
        var seen = new HashSet<Tensor>();
        var operations = Graph.Sort(outputs, IsLeaf);
        foreach (var output in outputs)
            if (IsCaptured(output) && seen.Add(output)) outer.Add(output);
        foreach (var operation in operations)
            foreach (var input in operation.Inputs)
                if (IsCaptured(input) && seen.Add(input)) outer.Add(input);
        captured = [.. outer];
        return new Computation(name, [.. captured, .. inputs], outputs, operations);

        bool IsCaptured(Tensor t) => captures(t, trace);
        // A value whose history a derivative in progress may ask for is not a constant.
        bool IsLeaf(Tensor t) => (t.IsEvaluated && !TraceSet.AnyOpen(t.Traces)) || IsCaptured(t);
    }

    /// <summary>The operations, each followed by those of its bodies.</summary>
    public IEnumerable<Operation> AllOperations()
    {
        foreach (var operation in Operations)
        {
            yield return operation;
            foreach (var body in operation.Primitive.Bodies)
                foreach (var inner in body.AllOperations()) yield return inner;
        }
    }

    /// <summary>The same operations done on other tensors: the results for these inputs.</summary>
    /// <exception cref="ShapeException">The inputs are of other types.</exception>
    public Tensor[] Apply(params IReadOnlyList<Tensor> inputs) => Rewrite(inputs, static (operation, operands) => operation.Apply(operands));

    /// <summary>
    /// The results for other inputs with each operation replaced by what <paramref name="rule"/> makes of it and of its rewritten operands: the way
    /// to change a computation. The rule returns as many tensors as the operation has outputs.
    /// </summary>
    public Tensor[] Rewrite(IReadOnlyList<Tensor> inputs, Func<Operation, Tensor[], Tensor[]> rule)
    {
        Check(inputs);
        var values = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < inputs.Count; i++) values[Inputs[i]] = inputs[i];
        foreach (var operation in Operations)
        {
            var operands = Array.ConvertAll(operation.Inputs.ToArray(), t => values.GetValueOrDefault(t, t));
            var results = rule(operation, operands);
            for (var i = 0; i < results.Length; i++) values[operation.Outputs[i]] = results[i];
        }
        return [.. Outputs.Select(t => values.GetValueOrDefault(t, t))];
    }

    /// <summary>
    /// The results for inputs of which those that are <paramref name="batched"/> carry a leading axis of the given size, and which results carry it.
    /// </summary>
    internal (Tensor[] Outputs, bool[] Batched) Batch(Tensor[] inputs, bool[] batched, int size)
    {
        var carry = new Dictionary<Tensor, bool>();
        for (var i = 0; i < inputs.Length; i++) carry[Inputs[i]] = batched[i];
        var values = new Dictionary<Tensor, Tensor>();
        for (var i = 0; i < inputs.Length; i++) values[Inputs[i]] = inputs[i];
        foreach (var operation in Operations)
        {
            var operands = Array.ConvertAll(operation.Inputs.ToArray(), t => values.GetValueOrDefault(t, t));
            var are = Array.ConvertAll(operation.Inputs.ToArray(), t => carry.GetValueOrDefault(t));
            var any = are.Contains(true);
            var results = any ? operation.Primitive.Batch(operation, operands, are, size) : Tensor.Bind(operation.Primitive, operands);
            for (var i = 0; i < results.Length; i++) (values[operation.Outputs[i]], carry[operation.Outputs[i]]) = (results[i], any);
        }
        return ([.. Outputs.Select(t => values.GetValueOrDefault(t, t))], [.. Outputs.Select(t => carry.GetValueOrDefault(t))]);
    }

    /// <summary>Which results depend on one of the inputs that are marked.</summary>
    internal bool[] Dependent(bool[] inputs)
    {
        var marked = new HashSet<Tensor>(Inputs.Where((_, i) => inputs[i]));
        foreach (var operation in Operations)
            if (operation.Inputs.ToArray().Any(marked.Contains)) marked.UnionWith(operation.Outputs.ToArray());
        return [.. Outputs.Select(marked.Contains)];
    }

    /// <summary>Runs it naively in double precision, without rounding to element types between operations: the judge of the compiler.</summary>
    public Tensor[] EvaluateReference(params IReadOnlyList<Tensor> inputs)
    {
        var results = new ReferenceEvaluator(round: false).Run(this, [.. inputs.Select(t => ReferenceArray.From(t.Value(), t.Shape))]);
        return [.. results.Select(r => new Tensor(r.Type, r.ToStorage()))];
    }

    /// <summary>
    /// How the compiler would run it: its steps in order, which operations share a loop, what runs tile by tile, the memory that it takes.
    /// </summary>
    public string Explain() => new Compiler.Executable(this, Compiler.CompilerOptions.Default).Explain();

    /// <summary>
    /// The same with the time that each step takes on given inputs, the least of several runs: where a slow function spends its time. Behind the time stand
    /// thousands of millions of operations a second, their share in what a product of matrices reaches on this machine's threads, and the megabytes of operands and
    /// results. An operation is an addition, a multiplication or a whole function such as a tangent.
    /// </summary>
    /// <exception cref="ShapeException">The inputs are of other types.</exception>
    public string Explain(IReadOnlyList<Tensor> inputs)
    {
        Check(inputs);
        return new Compiler.Executable(this, Compiler.CompilerOptions.Default).Explain([.. inputs.Select(t => t.Value())]);
    }

    private void Check(IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != Inputs.Count) throw new ShapeException($"{Name}: takes {Inputs.Count} inputs, not {inputs.Count}.");
        for (var i = 0; i < inputs.Count; i++)
            if (inputs[i].Type != Inputs[i].Type) throw new ShapeException($"{Name}: input {i} is {inputs[i].Type} but must be {Inputs[i].Type}.");
    }

    /// <summary>The text form: one line an operation, stable from run to run.</summary>
    public override string ToString() => ComputationText.Of(this, isExact: false);

    /// <summary>The drawing as text for Graphviz (<c>dot -Tsvg</c>): bodies of loops are clusters.</summary>
    public string ToDot() => ComputationDot.Of(this);

    /// <summary>The drawing as an SVG document that any browser shows: data flows down, types stand on the edges, bodies of loops are boxes.</summary>
    public string ToSvg() => ComputationSvg.Of(this);
}
