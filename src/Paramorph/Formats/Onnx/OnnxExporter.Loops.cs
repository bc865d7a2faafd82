using Paramorph.Formats.OnnxSchema;
using Paramorph.Primitives;

namespace Paramorph.Formats;

/// <content>Loops and branches. Their bodies see the values around them, so that constants of a loop are no inputs of its body.</content>
internal sealed partial class OnnxExporter
{
    private OnnxValue[] Scan(Scan scan, OnnxValue[] x, TensorType[] results, bool[] isUsed)
    {
        var (constants, carry, sequences) = (x[..scan.Constants], x[scan.Constants..(scan.Constants + scan.Carries)], x[(scan.Constants + scan.Carries)..]);
        if (scan.Length == 0) return [.. carry, .. results[scan.Carries..].Select(type => Constant(Tensor.Zeros(type.Shape, type.ElementType).Evaluate()))];
        string[] sliced = sequences.Length > 0 ? [.. sequences.SelectMany(Names)] : [graph.Node("Range", [Integer(0), Integer(scan.Length), Integer(1)])];
        var stacked = scan.Body.Outputs.Count - scan.Carries;
        // The history of the carry stands last, and is stored only when something reads it.
        bool IsKept(int output) => output < scan.Carries + stacked || isUsed[output];
        int[] kept = [.. Enumerable.Range(0, results.Length).Where(IsKept)];
        var body = graph.Body("scan", body =>
        {
            var before = Inputs(body, carry.Select(value => value.Type));
            var slices = Inputs(body, sequences.Select(value => value.Type with { Shape = value.Shape.Remove(0) }));
            if (sequences.Length == 0) Inputs(body, [new(ElementType.Int64, Shape.Scalar)]);
            var after = Write(scan.Body, [.. constants, .. before, .. slices]);
            OnnxValue[] all = [.. after, .. before];
            foreach (var output in kept) Outputs(body, all[output]);
        });
        var directions = Enumerable.Repeat(scan.IsReverse ? 1 : 0, sliced.Length);
        var count = kept.Sum(output => results[output].ElementType.IsComplex() ? 2 : 1);
        var carried = carry.Sum(value => value.Imaginary is null ? 1 : 2);
        var names = graph.Nodes(
            "Scan", [.. carry.SelectMany(Names), .. sliced], count,
            OnnxBuilder.Attribute("body", body),
            OnnxBuilder.Attribute("num_scan_inputs", sliced.Length),
            OnnxBuilder.Attribute("scan_input_directions", directions),
            OnnxBuilder.Attribute("scan_output_directions", Enumerable.Repeat(scan.IsReverse ? 1 : 0, count - carried)));
        var values = new OnnxValue[results.Length];
        foreach (var (output, value) in kept.Zip(Values([.. kept.Select(output => results[output])], names))) values[output] = value;
        return values;
    }

    private OnnxValue[] While(While loop, OnnxValue[] x)
    {
        var (tested, constants) = (x[..loop.ConditionConstants], x[loop.ConditionConstants..(loop.ConditionConstants + loop.BodyConstants)]);
        var carry = x[(loop.ConditionConstants + loop.BodyConstants)..];
        var first = Full(Write(loop.Condition, [.. tested, .. carry])[0]).Name;
        var body = graph.Body("while", body =>
        {
            Inputs(body, [new(ElementType.Int64, Shape.Scalar), new(ElementType.Bool, Shape.Scalar)]);
            var before = Inputs(body, carry.Select(value => value.Type));
            var after = Write(loop.Body, [.. constants, .. before]);
            Outputs(body, Write(loop.Condition, [.. tested, .. after])[0]);
            foreach (var value in after) Outputs(body, value);
        });
        string[] initial = [.. carry.SelectMany(Names)];
        return Values([.. carry.Select(value => value.Type)], graph.Nodes("Loop", ["", first, .. initial], initial.Length, OnnxBuilder.Attribute("body", body)));
    }

    private OnnxValue[] Cond(Cond cond, OnnxValue[] x, TensorType[] results)
    {
        GraphProto Branch(string name, Computation computation, OnnxValue[] inputs) => graph.Body(name, body =>
        {
            foreach (var value in Write(computation, inputs)) Outputs(body, value);
        });
        var split = 1 + cond.Then.Inputs.Count;
        var (then, otherwise) = (Branch("then", cond.Then, x[1..split]), Branch("else", cond.Else, x[split..]));
        var names = graph.Nodes(
            "If", [Full(x[0]).Name], then.Output.Count, OnnxBuilder.Attribute("then_branch", then), OnnxBuilder.Attribute("else_branch", otherwise));
        return Values(results, names);
    }

    private IEnumerable<string> Names(OnnxValue value)
    {
        value = Full(value);
        return value.Imaginary is null ? [value.Name] : [value.Name, value.Imaginary];
    }

    /// <summary>Inputs of a body. But for scalars their shapes are left to the runtime: sizes may be open.</summary>
    private OnnxValue[] Inputs(GraphProto body, IEnumerable<TensorType> types) => [.. types.Select(type =>
    {
        var part = type with { ElementType = type.ElementType.RealType() };
        string Input()
        {
            var name = graph.Name("input");
            body.Input.Add(OnnxBuilder.Describe(name, part, hasShape: part.Shape.Rank == 0));
            return name;
        }
        return new OnnxValue(type, Input(), type.ElementType.IsComplex() ? Input() : null);
    })];

    private void Outputs(GraphProto body, OnnxValue value)
    {
        var type = value.Type with { ElementType = value.Type.ElementType.RealType() };
        foreach (var name in Names(value)) body.Output.Add(OnnxBuilder.Describe(graph.Copy(name), type, hasShape: type.Shape.Rank == 0));
    }

    private static OnnxValue[] Values(TensorType[] types, string[] names)
    {
        var next = 0;
        return [.. types.Select(type => new OnnxValue(type, names[next++], type.ElementType.IsComplex() ? names[next++] : null))];
    }
}
