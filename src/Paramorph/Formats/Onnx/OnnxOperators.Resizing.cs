namespace Paramorph.Formats;

/// <content>Resizing: along each axis every mode is a matrix from the old places to the new ones.</content>
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Tensor[]>> Resizing => new()
    {
        ["Resize"] = n => [n.Opset < 11 ? Resize(n, n.Doubles(1), ResizeRule.Oldest(n)) : ResizeBySizesOrScales(n)],
        ["Upsample"] = n => [Resize(n, n.Opset < 9 ? n.Floats("scales") : n.Doubles(1), ResizeRule.Oldest(n))],
    };

    private static Tensor ResizeBySizesOrScales(OnnxNode node)
    {
        var x = node[0];
        var axes = node.Ints("axes") is { } named ? Array.ConvertAll(named, axis => node.Axis(axis, x.Rank)) : [.. Enumerable.Range(0, x.Rank)];
        var scales = Enumerable.Repeat(1.0, x.Rank).ToArray();
        if (node.Text("keep_aspect_ratio_policy", "stretch") != "stretch") throw node.Unsupported("a policy that keeps the aspect ratio");
        if (node.Optional(3) is { Count: > 0 })
        {
            var sizes = node.Sizes(3);
            for (var i = 0; i < axes.Length; i++) scales[axes[i]] = (double)sizes[i] / x.Shape[axes[i]];
        }
        else
        {
            var given = node.Doubles(2);
            for (var i = 0; i < axes.Length; i++) scales[axes[i]] = given[i];
        }
        return Resize(node, scales, ResizeRule.Of(node));
    }

    private static Tensor Resize(OnnxNode node, double[] scales, ResizeRule rule)
    {
        var x = node[0];
        for (var axis = 0; axis < x.Rank; axis++)
        {
            var (size, scale) = (x.Shape[axis], scales[axis]);
            // A scale that came from sizes gives them back.
            var resized = (int)Math.Floor(size * scale + 1e-6);
            if (resized == size && scale == 1) continue;
            if (rule.Mode == "nearest")
            {
                x = x.Take(Tensor.From<int>([.. Enumerable.Range(0, resized).Select(i => rule.Nearest(i, size, resized, scale))]), axis);
                continue;
            }
            var matrix = Tensor.From<double>([.. Enumerable.Range(0, resized).SelectMany(i => rule.Weights(i, size, resized, scale))], [resized, size]);
            x = Tensor.Contract(x, matrix.AsType(x.ElementType).Evaluate(), [axis], [1]).MoveAxis(-1, axis);
        }
        return x;
    }

    /// <summary>From places of the result to places of the input, and what counts around them.</summary>
    private sealed record ResizeRule(string Mode, string Coordinates, string Rounding, double CubicCoefficient, bool ExcludesOutside, bool IsAntialiased)
    {
        /// <summary>The rule of version 11 and later.</summary>
        public static ResizeRule Of(OnnxNode node)
        {
            var coordinates = node.Text("coordinate_transformation_mode", "half_pixel");
            if (coordinates == "tf_crop_and_resize") throw node.Unsupported("a resize that crops");
            return new(
                node.Text("mode", "nearest"), coordinates, node.Text("nearest_mode", "round_prefer_floor"), node.Float("cubic_coeff_a", -0.75),
                node.Flag("exclude_outside"), node.Flag("antialias"));
        }

        /// <summary>Up to version 10: places are quotients, rounded down where the result is larger and up where it is smaller.</summary>
        public static ResizeRule Oldest(OnnxNode node) => new(node.Text("mode", "nearest"), "asymmetric", "simple", -0.75, false, false);

        public int Nearest(int place, int size, int resized, double scale)
        {
            var at = At(place, size, resized, scale);
            var rounded = Rounding switch
            {
                "floor" => Math.Floor(at),
                "ceil" => Math.Ceiling(at),
                "round_prefer_ceil" => Math.Floor(at + 0.5),
                "simple" => scale < 1 ? Math.Ceiling(at) : Math.Floor(at),
                _ => Math.Ceiling(at - 0.5),
            };
            return (int)Math.Clamp(rounded, 0, size - 1);
        }

        /// <summary>The weights of all elements of the input for one of the result.</summary>
        public double[] Weights(int place, int size, int resized, double scale)
        {
            var at = At(place, size, resized, scale);
            var isLinear = Mode == "linear";
            // The filter is widened where the result is smaller, so that no element is passed over.
            var narrowing = IsAntialiased ? Math.Min(1, scale) : 1;
            if (isLinear && !IsAntialiased) at = Math.Clamp(at, 0, size - 1);
            var reach = (isLinear ? 1 : 2) / narrowing;
            var (weights, sum) = (new double[size], 0.0);
            for (var k = (int)Math.Floor(at - reach); k <= (int)Math.Ceiling(at + reach); k++)
            {
                if (ExcludesOutside && (k < 0 || k >= size)) continue;
                var weight = isLinear ? Math.Max(0, 1 - Math.Abs((k - at) * narrowing)) : Cubic((k - at) * narrowing);
                weights[Math.Clamp(k, 0, size - 1)] += weight;
                sum += weight;
            }
            return ExcludesOutside || IsAntialiased ? Array.ConvertAll(weights, weight => weight / sum) : weights;
        }

        private double At(int place, int size, int resized, double scale) => Coordinates switch
        {
            "asymmetric" => place / scale,
            "align_corners" => resized == 1 ? 0 : place * (double)(size - 1) / (resized - 1),
            "pytorch_half_pixel" => resized > 1 ? (place + 0.5) / scale - 0.5 : 0,
            "tf_half_pixel_for_nn" => (place + 0.5) / scale,
            "half_pixel_symmetric" => size / 2.0 * (1 - resized / (size * scale)) + (place + 0.5) / scale - 0.5,
            _ => (place + 0.5) / scale - 0.5,
        };

        /// <summary>The kernel of Keys with its free coefficient.</summary>
        private double Cubic(double x)
        {
            var (t, a) = (Math.Abs(x), CubicCoefficient);
            if (t >= 2) return 0;
            return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1 : ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
        }
    }
}
