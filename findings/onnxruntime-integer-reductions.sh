#!/usr/bin/env bash
# ONNX Runtime: sums of integers are made in f64 and saturate.
#
# Expected: ReduceSum of int64 is exact as long as the sum fits, and a sum that
# does not fit wraps, as those of Add and CumSum of the same library do.
# Instead: on CPU, ReduceSum, ReduceProd and ReduceL1 of int64 lose digits above
# 2^53: the sum over a single element 2^53 + 1 is 2^53, so a 64-bit key or a time
# in nanoseconds that is picked by a mask and a sum comes back as another one. And
# what does not fit becomes the largest integer, for int32 as for int64.
# Add, CumSum and ReduceMax are exact. No optimisation of the graph is at work.
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

const int Int32 = 6, Int64 = 7;
const long Key = (1L << 53) + 1;
bool holds = true;
Console.WriteLine($"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, integers on CPU");

Console.WriteLine("int64, sums that fit");
foreach (string operation in (string[])["ReduceSum", "ReduceProd", "ReduceL1"])
{
    Expect($"{operation} ({Key})", Reduce(operation, Int64, [Key]), Key - 1);
}

Expect($"ReduceSum (0, {Key}, 0)", Reduce("ReduceSum", Int64, [0, Key, 0]), Key - 1);
Expect($"ReduceMax ({Key})", Reduce("ReduceMax", Int64, [Key]), Key);
Expect($"Add {Key} + 0", Add(Int64, Key, 0), Key);
Expect($"CumSum ({Key}, 0)", CumulativeSum(Int64, [Key, 0]), Key);

Console.WriteLine("sums that do not fit");
Expect($"int64 ReduceSum ({long.MaxValue}, 1)", Reduce("ReduceSum", Int64, [long.MaxValue, 1]), long.MaxValue);
Expect($"int64 Add {long.MaxValue} + 1", Add(Int64, long.MaxValue, 1), long.MinValue);
Expect($"int64 CumSum ({long.MaxValue}, 1)", CumulativeSum(Int64, [long.MaxValue, 1]), long.MinValue);
Expect($"int32 ReduceSum ({int.MaxValue}, 1)", Reduce("ReduceSum", Int32, [int.MaxValue, 1]), int.MaxValue);
Expect($"int32 Add {int.MaxValue} + 1", Add(Int32, int.MaxValue, 1), int.MinValue);
Expect($"int32 CumSum ({int.MaxValue}, 1)", CumulativeSum(Int32, [int.MaxValue, 1]), int.MinValue);

Console.WriteLine(holds ? "The behaviour is as described." : "The behaviour changed.");
return holds ? 0 : 1;

void Expect(string what, long found, long described)
{
    Console.WriteLine($"    {what,-42} {found}{(found == described ? "" : $", described as {described}")}");
    holds &= found == described;
}

static long Reduce(string operation, int type, params long[] x) =>
    Run(type, [], [Node(operation, ["x"], "y", Integer("keepdims", 0))], ("x", x));

static long Add(int type, long left, long right) =>
    Run(type, [1], [Node("Add", ["x", "z"], "y")], ("x", [left]), ("z", [right]));

// The last element of the running sums, which is the sum of all.
static long CumulativeSum(int type, params long[] x) => Run(type, [x.Length],
    [Node("CumSum", ["x", "axis"], "y"), Scalar("axis", Int64, BitConverter.GetBytes(0L))], ("x", x));

static long Run(int type, int[] shape, byte[][] graph, params (string Name, long[] Data)[] inputs)
{
    using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
    using var session = new InferenceSession(Model(18,
    [
        .. graph,
        .. inputs.Select(input => Value(11, input.Name, type, [input.Data.Length])),
        Value(12, "y", type, shape),
    ]), options);
    using var results = session.Run([.. inputs.Select(input => type == Int64
        ? NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<long>(input.Data, [input.Data.Length]))
        : NamedOnnxValue.CreateFromTensor(input.Name,
            new DenseTensor<int>(Array.ConvertAll(input.Data, x => (int)x), [input.Data.Length])))]);
    return type == Int64 ? results[0].AsTensor<long>().Last() : results[0].AsTensor<int>().Last();
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
