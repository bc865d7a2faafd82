#!/usr/bin/env bash
# ONNX Runtime: the inverse DFT of f64 is scaled by 1/n that was rounded to f32.
#
# Expected: DFT with inverse = 1 takes and gives f64, so DFT and then inverse DFT
# give the data back to about 1e-15, whatever the length.
# Instead: every output of the inverse is off by the factor float(1/n) * n. Powers
# of two are right to 1e-15, since their 1/n is exact in f32; any other length is
# right to about 1e-8 only, as if it were f32. Operator sets 17 and 20 alike.
# The forward transform is right: with the factor undone the round trip is, too.
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
int[] lengths = [3, 4, 5, 8, 10, 16, 100, 128];
bool holds = true;
Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, inverse DFT of f64 on CPU");
Console.WriteLine("set     n  inverse of (1, 0, 0, ...)   times n less 1  round trip off by  with float(1/n) undone");
foreach (int operatorSet in (int[])[17, 20])
{
    foreach (int n in lengths)
    {
        // The inverse of a spectrum that is 1 at frequency 0 is exactly 1/n everywhere.
        var spectrum = new double[2 * n];
        spectrum[0] = 1;
        byte[] inverse = Node("DFT", ["x"], "y", Integer("inverse", 1));
        double constant = Run(operatorSet, n, spectrum, inverse)[0];

        var random = new Random(1);
        double[] data = [.. Enumerable.Range(0, 2 * n).Select(_ => 1 + random.NextDouble())];
        double[] back = Run(operatorSet, n, data,
            Node("DFT", ["x"], "f"), Node("DFT", ["f"], "y", Integer("inverse", 1)));

        double factor = (double)(1f / n) * n;
        double off = Worst(back, data, 1);
        double undone = Worst(back, data, factor);
        Console.WriteLine($"{operatorSet,3} {n,5}  {constant,-24:R}  {constant * n - 1,16:E2}  {off,17:E2}  {undone,22:E2}");
        holds &= undone < 1e-12 && (int.IsPow2(n) ? off < 1e-12 : off > 1e-9);
    }
}

Console.WriteLine(holds ? "The behaviour is as described." : "The behaviour changed.");
return holds ? 0 : 1;

static double Worst(double[] found, double[] truth, double factor) =>
    found.Zip(truth, (f, t) => Math.Abs(f / factor / t - 1)).Max();

static double[] Run(int operatorSet, int n, double[] data, params byte[][] nodes)
{
    int[] shape = [1, n, 2];
    using var session = new InferenceSession(Model(operatorSet,
        [.. nodes, Value(11, "x", Float64, shape), Value(12, "y", Float64, shape)]));
    using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<double>(data, shape))]);
    return [.. results[0].AsTensor<double>()];
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

static byte[] Integer(string name, long value) => Message(5, Text(1, name), Number(3, value), Number(20, 2));

static byte[] Value(int field, string name, int type, int[] shape) =>
    Message(field, Text(1, name), Message(2, Message(1,
        Number(1, type), Message(2, shape.Select(size => Message(1, Number(1, size)))))));

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
