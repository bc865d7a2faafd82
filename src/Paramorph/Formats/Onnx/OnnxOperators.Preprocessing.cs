namespace Paramorph.Formats;

/// <content>What scikit-learn puts before and behind a network, of the domain <c>ai.onnx.ml</c>.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Preprocessing => new()
    {
        ["ArrayFeatureExtractor"] = n => [n[0].Take(n[1].Flatten(), -1)],
        ["Binarizer"] = n => [Tensor.Greater(n[0], n.Float("threshold", 0)).AsType(n[0].ElementType)],
        ["FeatureVectorizer"] = n => [Tensor.Concatenate([.. n.Inputs.Select(x => x.AsType(ElementType.Float32))], -1)],
        ["Imputer"] = n => [Impute(n)],
        ["LinearClassifier"] = LinearClassifier,
        ["LinearRegressor"] = n => [Linear(n, n.Int("targets", 1))],
        ["Normalizer"] = n => [Normalise(n)],
        ["Scaler"] = n => [(Single(n[0]) - Vector(n, "offset")) * Vector(n, "scale")],
        // There a list of dictionaries from labels to probabilities; here the probabilities, in the order of the labels.
        ["ZipMap"] = n => [n[0]],
    };

    /// <summary>The results of this domain are f32, whatever the input is.</summary>
    private static Tensor Single(Tensor x) => x.AsType(ElementType.Float32);

    private static Tensor Vector(OnnxNode node, string name) => Tensor.From<float>([.. node.Floats(name).Select(x => (float)x)]);

    private static Tensor Normalise(OnnxNode node)
    {
        var x = Single(node[0]);
        var size = node.Text("norm", "MAX") switch
        {
            "L1" => Tensor.Abs(x).Sum(-1),
            "L2" => Tensor.Sqrt((x * x).Sum(-1)),
            _ => x.Max(-1),
        };
        size = size.ExpandDims(-1);
        return Tensor.Where(Tensor.Equal(size, 0), x, x / Tensor.Where(Tensor.Equal(size, 0), 1, size));
    }

    private static Tensor Impute(OnnxNode node)
    {
        var (x, missing) = (node[0], node.Float("replaced_value_float", 0));
        var isMissing = double.IsNaN(missing) ? Tensor.IsNaN(x) : Tensor.Equal(x, missing);
        return Tensor.Where(isMissing, Vector(node, "imputed_value_floats").AsType(x.ElementType), x);
    }

    private static Tensor Linear(OnnxNode node, int targets)
    {
        var coefficients = Vector(node, "coefficients");
        var product = Single(node[0]).Dot(coefficients.Reshape(targets, coefficients.Count / targets).T);
        var scores = node.Has("intercepts") ? product + Vector(node, "intercepts") : product;
        return node.Text("post_transform", "NONE") switch
        {
            "NONE" => scores,
            "LOGISTIC" => Tensor.Sigmoid(scores),
            "SOFTMAX" => scores.Softmax(-1),
            var other => throw node.Unsupported($"the transform {other}"),
        };
    }

    /// <summary>The label of the largest score, and the scores; a single score is that of the second of two classes.</summary>
    private static Tensor[] LinearClassifier(OnnxNode node)
    {
        if (!node.Has("classlabels_ints")) throw node.Unsupported("a label that is text");
        var labels = Tensor.From<long>([.. node.Attribute("classlabels_ints")!.Ints]);
        var rows = node.Has("intercepts") ? node.Floats("intercepts").Length : labels.Count;
        var scores = Linear(node, rows);
        if (rows == 1 && labels.Count == 2)
            scores = Tensor.Concatenate([node.Text("post_transform", "NONE") == "NONE" ? -scores : 1 - scores, scores], -1);
        return [labels.Take(scores.ArgMax(scores.Rank - 1)), scores];
    }
}
