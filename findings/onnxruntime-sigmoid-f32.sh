#!/usr/bin/env bash
# ONNX Runtime: Sigmoid of f32 is 0 from -18 down, and not monotone above that.
#
# Expected: 1/(1 + exp(-x)) in f32 to a few units in the last place, rising with
# x, and above 0 down to about -88, where f32 runs out of normal numbers.
# Instead: on CPU, x is clamped at -18 and a rational approximation is used whose
# error is absolute, about 6e-8. From -18 down the result is exactly 0, so that
# its logarithm is -infinity (a loss log(sigmoid(x)) breaks where the truth is
# just -18); between -18 and -15 the result falls several times while x rises.
# The same formula of the same library's Neg, Exp, Add and Reciprocal is right.
# Figures are of x86-64; other processors have kernels of their own.
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

const int Float32 = 1;
byte[][] sigmoid = [Node("Sigmoid", ["x"], "y")];
byte[][] logarithm = [Node("Sigmoid", ["x"], "s"), Node("Log", ["s"], "y")];
byte[][] formula =
[
    Node("Neg", ["x"], "n"), Node("Exp", ["n"], "e"), Node("Add", ["e", "one"], "d"), Node("Reciprocal", ["d"], "y"),
    Scalar("one", Float32, BitConverter.GetBytes(1f)),
];

Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, Sigmoid of f32 on CPU");
Console.WriteLine("    x  truth      Sigmoid    of Neg, Exp, Add, Reciprocal  Log(Sigmoid)");
float[] points = [-14, -15, -16, -16.5f, -17, -18, -20, -40];
foreach (float x in points)
{
    Console.WriteLine($"{x,5}  {Truth(x):E2}  {Run(sigmoid, [x])[0]:E2}  {Run(formula, [x])[0],-28:E2}  {Run(logarithm, [x])[0]:G5}");
}

float[] grid = [.. Enumerable.Range(0, 49).Select(i => -18 + i / 16f)];
int falls = Falls(Run(sigmoid, grid));
int fallsOfFormula = Falls(Run(formula, grid));
Console.WriteLine($"Steps of 1/16 from -18 to -15 at which the result falls: Sigmoid {falls}, the formula {fallsOfFormula}, of {grid.Length - 1}");

bool holds = Run(sigmoid, [-18, -20, -40]).All(y => y == 0)
    && Run(logarithm, [-18])[0] == float.NegativeInfinity
    && falls > 0 && fallsOfFormula == 0
    && points.All(x => Math.Abs(Run(formula, [x])[0] / Truth(x) - 1) < 1e-6);

Console.WriteLine(holds ? "The behaviour is as described." : "The behaviour changed.");
return holds ? 0 : 1;

static double Truth(double x) => 1 / (1 + Math.Exp(-x));

static int Falls(float[] values) => values.Zip(values.Skip(1)).Count(pair => pair.Second < pair.First);

static float[] Run(byte[][] graph, float[] x)
{
    int[] shape = [x.Length];
    using var session = new InferenceSession(Model(17,
        [.. graph, Value(11, "x", Float32, shape), Value(12, "y", Float32, shape)]));
    using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(x, shape))]);
    return [.. results[0].AsTensor<float>()];
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
