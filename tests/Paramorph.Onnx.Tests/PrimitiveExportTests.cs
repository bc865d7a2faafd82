using Paramorph.Formats;
using Paramorph.Tests.Formats;
using Paramorph.Tests.Primitives;

namespace Paramorph.Tests;

/// <summary>Every case of every primitive, exported, run by ONNX Runtime and read again, against the naive definition of the values.</summary>
public class PrimitiveExportTests
{
    /// <summary>What ONNX has no operators for, and what is not composed of others.</summary>
    private static readonly string[] Untranslatable = ["bit_cast", "digamma", "eigh", "foreign_call", "lgamma", "lu", "polygamma1", "polygamma2", "qr", "random_bits", "svd"];

    /// <summary>What is composed of others for real numbers only.</summary>
    private static readonly string[] OfRealNumbers = ["cholesky", "cumulative_product", "reduce_product", "triangular_solve"];

    public static TheoryData<string> Names => [.. Cases.All.Select(c => c.ToString()).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_primitive_is_exported_in_double_precision(string name) => Check(name, x => x, 1e-12);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_primitive_is_exported_in_single_precision(string name) => Check(name, Single, 1e-5);

    private static Tensor Single(Tensor x) => x.ElementType switch
    {
        ElementType.Float64 => x.AsType(ElementType.Float32),
        ElementType.Complex128 => x.AsType(ElementType.Complex64),
        _ => x,
    };

    private static void Check(string name, Func<Tensor, Tensor> convert, double tolerance)
    {
        foreach (var subject in Cases.All.Where(c => c.ToString() == name))
        {
            Tensor[] inputs = [.. subject.Inputs.Select(x => convert(x).Evaluate())];
            if (Traced(subject, inputs) is not { } computation) continue;
            using var scratch = new Scratch();
            if (computation.AllOperations().Except(Constant(computation)).FirstOrDefault(IsUntranslatable) is { } missing)
            {
                var error = Assert.Throws<OnnxException>(() => Onnx.Export(scratch["model.onnx"], computation));
                Assert.StartsWith($"onnx: the primitive {missing.Primitive.Name} has no translation: it is operation ", error.Message);
                continue;
            }
            Onnx.Export(scratch["model.onnx"], computation);
            var outputs = Runtime.Run(scratch["model.onnx"], inputs);
            var expected = computation.EvaluateReference(inputs);
            var read = Onnx.Read(scratch["model.onnx"]).CallAll([.. inputs.Select(x => Runtime.Pairs(x).Evaluate())]);
            for (var i = 0; i < outputs.Length; i++)
            {
                Expect.Close(Runtime.Pairs(expected[i]), outputs[i], tolerance, $"output {i}");
                Expect.Close(Runtime.Pairs(expected[i]), read[i], tolerance, $"output {i}, read again");
            }
        }
    }

    /// <summary>Operations that depend on no input, as numbers drawn from a key that is told: their results are written.</summary>
    private static List<Operation> Constant(Computation computation)
    {
        var (moving, constant) = (computation.Inputs.ToHashSet(), new List<Operation>());
        foreach (var operation in computation.Operations)
        {
            if (operation.Inputs.ToArray().Any(moving.Contains)) moving.UnionWith(operation.Outputs.ToArray());
            else constant.Add(operation);
        }
        return constant;
    }

    /// <summary>Null for a function with constants of f64, which takes no f32.</summary>
    private static Computation? Traced(Case subject, Tensor[] inputs)
    {
        try
        {
            return Computation.Trace(subject.ToString(), subject.Function, [.. inputs.Select(x => x.Type)]);
        }
        catch (ElementTypeException)
        {
            return null;
        }
    }

    private static bool IsUntranslatable(Operation operation) =>
        Untranslatable.Contains(operation.Primitive.Name)
        || (operation.Inputs.Length > 0 && operation.Input.ElementType.IsComplex() && OfRealNumbers.Contains(operation.Primitive.Name));
}
