using System.Text.Json;
using Paramorph.Formats;

namespace Paramorph.Cli.Tests;

/// <summary>The same fit on processors that differ in their vectors, which the settings of the runtime stand for.</summary>
public sealed class SameNumbersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("paramorph-same-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // A machine without some of them compares less. Without fused multiply-add a step takes long, so that there are few.
    [Theory]
    [InlineData("mlp", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic")]
    [InlineData("fno", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2")]
    [InlineData("cnn", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2")]
    public void A_fit_gives_the_same_bits_whatever_vectors_there_are(string method, params string[] switchedOff)
    {
        var data = Data(method);
        var expected = Hash(method, data, []);
        Assert.Matches("^[0-9a-f]{64}$", expected);
        foreach (var name in switchedOff) Assert.Equal((name, expected), (name, Hash(method, data, new() { [name] = "0" })));
    }

    private string Hash(string method, string data, Dictionary<string, string> environment)
    {
        environment["PARAMORPH_SAME_NUMBERS"] = "1";
        var outcome = Command.Run(environment, "fit", data, "--method", method, "--budget", "8steps", "--threads", "2", "--out", Path.Combine(folder, "model"), "--format", "json");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        using var result = JsonDocument.Parse(outcome.Output);
        return result.RootElement.GetProperty("parameterHash").GetString()!;
    }

    private string Data(string method)
    {
        Tensor Noise(int seed, params int[] sizes) => Sample.Uniform(Key.Of(seed), [.. sizes], type: ElementType.Float64).Evaluate();
        var path = Path.Combine(folder, method == "mlp" ? "table.csv" : "arrays.npz");
        switch (method)
        {
            case "mlp":
                var rows = Noise(1, 200, 3);
                DelimitedText.Write(path, new([.. "abc".Select((name, i) => new TableColumn.Numeric($"{name}", rows[.., i].Evaluate()))]));
                break;
            case "fno":
                Npz.Write(path, [new("x", Noise(1, 30, 16)), new("y", Noise(2, 30, 16))]);
                break;
            default:
                Npz.Write(path, [new("images", (Noise(1, 60, 8, 8) * 255).AsType(ElementType.UInt8).Evaluate()), new("labels", (Tensor.Arange(60) % 3).AsType(ElementType.Int32).Evaluate())]);
                break;
        }
        return path;
    }
}
