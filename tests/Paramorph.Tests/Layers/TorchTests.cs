using System.Text.Json;
using Paramorph.Layers;
using Paramorph.Tests.Formats;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

/// <summary>Layers against PyTorch with the same weights. One process of Python answers for all: loading PyTorch takes seconds.</summary>
public class TorchTests
{
    private const string Program =
        """
        import json, torch
        torch.set_default_dtype(torch.float64)
        given = json.load(open("given.json"))
        def t(name):
            return torch.tensor(given[name]["Values"]).reshape(given[name]["Shape"])
        def put(module, **values):
            with torch.no_grad():
                for name, value in values.items():
                    getattr(module, name).copy_(value)
        results = {}
        x = t("sequence")
        lstm = torch.nn.LSTM(2, 3, batch_first=True)
        put(lstm, weight_ih_l0=t("lstm.weight").T, weight_hh_l0=t("lstm.recurrent").T, bias_ih_l0=t("lstm.bias"), bias_hh_l0=torch.zeros(12))
        results["lstm"], (_, results["lstm.cell"]) = lstm(x)
        gru = torch.nn.GRU(2, 3, batch_first=True)
        put(gru, weight_ih_l0=t("gru.weight").T, weight_hh_l0=t("gru.recurrent").T, bias_ih_l0=t("gru.bias"),
            bias_hh_l0=torch.cat([torch.zeros(6), t("gru.candidateBias")]))
        results["gru"], _ = gru(x)
        attention = torch.nn.MultiheadAttention(4, 2, batch_first=True)
        put(attention, in_proj_weight=torch.cat([t("attention.%s.weight" % n).T for n in ("queries", "keys", "values")]),
            in_proj_bias=torch.cat([t("attention.%s.bias" % n) for n in ("queries", "keys", "values")]))
        put(attention.out_proj, weight=t("attention.output.weight").T, bias=t("attention.output.bias"))
        y = t("tokens")
        hidden = torch.triu(torch.ones(5, 5, dtype=torch.bool), 1)
        results["attention"], _ = attention(y, y, y, attn_mask=hidden)
        norm = torch.nn.BatchNorm2d(3)
        put(norm, weight=t("norm.scale"), bias=t("norm.offset"))
        results["norm"] = norm(t("pictures"))
        results["norm.mean"], results["norm.variance"] = norm.running_mean, norm.running_var
        json.dump({name: {"Shape": list(r.shape), "Values": r.detach().flatten().tolist()} for name, r in results.items()},
                  open("results.json", "w"))
        """;

    private static readonly Tensor Sequence = Numbers(4, 6, 2);
    private static readonly Tensor Tokens = Numbers(2, 5, 4);
    private static readonly Tensor Pictures = Numbers(4, 3, 2, 5);
    private static readonly LstmCell Lstm = new(Numbers(2, 12), Numbers(3, 12), Numbers(12));
    private static readonly GruCell Gru = new(Numbers(2, 9), Numbers(3, 9), Numbers(9), Numbers(3) + 0.3);
    private static readonly MultiHeadAttention Attended = MultiHeadAttention.Create(Key.Of(1), 4, 2, type: ElementType.Float64);
    private static readonly BatchNorm Norm = new(Numbers(3) + 1.5, Numbers(3), 2);
    private static readonly Lazy<Dictionary<string, Tensor>> Answers = new(Ask);

    [PythonFact("torch")]
    public void An_lstm_is_that_of_pytorch()
    {
        var (outputs, last) = Recurrent.Run(Lstm, Sequence);
        Expect.Close(Answers.Value["lstm"], outputs, 1e-13);
        Expect.Close(Answers.Value["lstm.cell"][0], last.Cell, 1e-13);
    }

    [PythonFact("torch")]
    public void A_gru_is_that_of_pytorch() => Expect.Close(Answers.Value["gru"], Recurrent.Run(Gru, Sequence).Outputs, 1e-13);

    [PythonFact("torch")]
    public void Causal_attention_is_that_of_pytorch() => Expect.Close(Answers.Value["attention"], Attended.Call(Tokens, isCausal: true), 1e-13);

    [PythonFact("torch")]
    public void Batch_norm_and_its_running_statistics_are_those_of_pytorch()
    {
        var (output, statistics) = Norm.Call(Pictures, Norm.InitialStatistics);
        Expect.Close(Answers.Value["norm"], output, 1e-13);
        Expect.Close(Answers.Value["norm.mean"], statistics.Mean, 1e-13);
        Expect.Close(Answers.Value["norm.variance"], statistics.Variance, 1e-13);
    }

    private static Dictionary<string, Tensor> Ask()
    {
        Dictionary<string, Tensor> given = new() { ["sequence"] = Sequence, ["tokens"] = Tokens, ["pictures"] = Pictures };
        Add("lstm", Lstm);
        Add("gru", Gru);
        Add("attention", Attended);
        Add("norm", Norm);
        using var scratch = new Scratch();
        File.WriteAllText(
            scratch["given.json"],
            JsonSerializer.Serialize(given.ToDictionary(p => p.Key, p => new Numbered([.. p.Value.Shape], p.Value.ToDoubles()))));
        Python.Run(scratch.Folder, Program);
        var answers = JsonSerializer.Deserialize<Dictionary<string, Numbered>>(File.ReadAllText(scratch["results.json"]))!;
        return answers.ToDictionary(p => p.Key, p => Tensor.From(p.Value.Values, Shape.Create(p.Value.Shape)));

        void Add<T>(string prefix, T layer)
            where T : ITree<T>
        {
            foreach (var (name, leaf) in Tree.Names(layer).Zip(Tree.Leaves(layer))) given[$"{prefix}.{name}"] = leaf;
        }
    }

    private sealed record Numbered(int[] Shape, double[] Values);
}
