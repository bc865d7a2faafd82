#!/usr/bin/env bash
# ONNX Runtime: graph optimisation rounds an f64 factor next to a MatMul to f32.
#
# Expected: a MatMul of f64 whose operand is multiplied by a constant f64 scalar
# is computed in f64, and optimisation changes a result by a few last digits.
# Instead: the default level folds the scalar into com.microsoft.FusedMatMul,
# whose attribute alpha is f32. A factor of 0.1 becomes 0.10000000149; 1e-60 (a
# Planck constant squared is 4e-67) becomes 0; and with 1e60 a valid model is
# refused when it is loaded, since alpha is infinite.
# Way out: a level of at most ORT_ENABLE_BASIC, or the session option
# "optimization.disable_specified_optimizers" with the value "MatMulScaleFusion".
#
# Needs the .NET 10 SDK. Exit status: 0 the behaviour is as described, 1 it
# changed, 2 the package could not be restored or built.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > probe.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[1.31.1]" />
  </ItemGroup>
</Project>
PROJECT

cat > Program.cs <<'PROGRAM'
using System.Text;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

const int Float64 = 11;
bool holds = true;
Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, ([[1]] * scale) x [[1]] in f64 on CPU; the truth is scale");
foreach (double scale in (double[])[0.1, 1e-60, 1e60])
{
    using SessionOptions off = Options(GraphOptimizationLevel.ORT_DISABLE_ALL);
    using SessionOptions basic = Options(GraphOptimizationLevel.ORT_ENABLE_BASIC);
    using SessionOptions usual = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    using SessionOptions unfused = new();
    unfused.AddSessionConfigEntry("optimization.disable_specified_optimizers", "MatMulScaleFusion");

    double? rounded = Product(scale, usual);
    Console.WriteLine($"scale {scale:R}");
    Console.WriteLine($"    ORT_DISABLE_ALL            {Product(scale, off):R}");
    Console.WriteLine($"    ORT_ENABLE_BASIC           {Product(scale, basic):R}");
    Console.WriteLine($"    without MatMulScaleFusion  {Product(scale, unfused):R}");
    Console.WriteLine($"    default level              {(rounded is { } value ? $"{value:R}" : "refused: alpha must be finite")}");
    holds &= Product(scale, off) == scale && Product(scale, basic) == scale && Product(scale, unfused) == scale
        && rounded == (float.IsFinite((float)scale) ? (float)scale : null);
}

Console.WriteLine(holds ? "The behaviour is as described." : "The behaviour changed.");
return holds ? 0 : 1;

static SessionOptions Options(GraphOptimizationLevel level) => new() { GraphOptimizationLevel = level };

// Null where the model is refused because alpha is not finite.
static double? Product(double scale, SessionOptions options)
{
    int[] shape = [1, 1];
    byte[] model = Model(17,
        Node("Mul", ["a", "scale"], "scaled"), Node("MatMul", ["scaled", "b"], "y"),
        Scalar("scale", Float64, BitConverter.GetBytes(scale)),
        Value(11, "a", Float64, shape), Value(11, "b", Float64, shape), Value(12, "y", Float64, shape));
    try
    {
        using var session = new InferenceSession(model, options);
        using var results = session.Run([One("a"), One("b")]);
        return results[0].AsTensor<double>()[0];
    }
    catch (OnnxRuntimeException refusal) when (refusal.Message.Contains("alpha attribute must be finite"))
    {
        return null;
    }

    NamedOnnxValue One(string name) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(new double[] { 1 }, shape));
}

// The few messages of onnx.proto that are needed, written field by field.
static byte[] Varint(long value)
{
    var bytes = new List<byte>();
    for (; value > 127; value >>= 7)
    {
        bytes.Add((byte)(value | 128));
    }

    return [.. bytes, (byte)value];
}

static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

static byte[] Message(int field, params IEnumerable<byte[]> parts)
{
    byte[] body = [.. parts.SelectMany(part => part)];
    return [.. Varint((field << 3) | 2), .. Varint(body.Length), .. body];
}

static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

static byte[] Node(string operation, string[] inputs, string output, params byte[][] attributes) =>
    Message(1, [.. inputs.Select(input => Text(1, input)), Text(2, output), Text(4, operation), .. attributes]);

static byte[] Value(int field, string name, int type, int[] shape) =>
    Message(field, Text(1, name), Message(2, Message(1,
        Number(1, type), Message(2, shape.Select(size => Message(1, Number(1, size)))))));

static byte[] Scalar(string name, int type, byte[] raw) => Message(5, Number(2, type), Text(8, name), Message(9, raw));

static byte[] Model(int operatorSet, params byte[][] graph) =>
    [.. Number(1, 8), .. Message(7, [.. graph, Text(2, "graph")]), .. Message(8, Number(2, operatorSet))];
PROGRAM

# Packages go to the temporary folder too, and no build server stays behind.
export NUGET_PACKAGES="$folder/packages" MSBUILDDISABLENODEREUSE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
dotnet build -c Release -v quiet -p:UseSharedCompilation=false > build.log 2>&1 || {
    cat build.log >&2
    exit 2
}
status=0
dotnet bin/Release/net10.0/probe.dll || status=1
exit "$status"
