namespace Paramorph.Server;

/// <summary>
/// Places for papers in the plane, so that those near in meaning stand near: t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008) from places on two circles, so that the same
/// catalogue has the same map everywhere.
/// </summary>
internal static class PaperMap
{
    private const double Perplexity = 18;
    private const int Steps = 450, StepsOfExaggeration = 100;

    /// <summary>Places from 0 to 1 in both directions.</summary>
    /// <param name="cosines">Of the angles between each pair.</param>
    /// <param name="groups">The group of each; the members of one begin near each other.</param>
    public static (double X, double Y)[] Of(IReadOnlyList<double[]> cosines, IReadOnlyList<int> groups)
    {
        var count = cosines.Count;
        var near = Affinities(cosines);
        var (places, speed, gain) = (Begin(groups), new double[2 * count], Enumerable.Repeat(1.0, 2 * count).ToArray());
        var (weights, gradient) = (new double[count * count], new double[2 * count]);
        for (var step = 0; step < Steps; step++)
        {
            var (exaggeration, momentum) = step < StepsOfExaggeration ? (6.0, 0.5) : (1.0, 0.8);
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var (dx, dy) = (places[2 * i] - places[2 * j], places[2 * i + 1] - places[2 * j + 1]);
                    weights[i * count + j] = 1 / (1 + dx * dx + dy * dy);
                    sum += 2 * weights[i * count + j];
                }
            }
            Array.Clear(gradient);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    var weight = weights[i * count + j];
                    var pull = 4 * (exaggeration * near[i * count + j] - weight / sum) * weight;
                    var (dx, dy) = (pull * (places[2 * i] - places[2 * j]), pull * (places[2 * i + 1] - places[2 * j + 1]));
                    gradient[2 * i] += dx;
                    gradient[2 * i + 1] += dy;
                    gradient[2 * j] -= dx;
                    gradient[2 * j + 1] -= dy;
                }
            }
            for (var k = 0; k < places.Length; k++)
            {
                gain[k] = Math.Max(0.01, gradient[k] * speed[k] > 0 ? gain[k] * 0.8 : gain[k] + 0.2);
                speed[k] = momentum * speed[k] - 60 * gain[k] * gradient[k];
                places[k] += speed[k];
            }
        }
        return Scaled(places);
    }

    /// <summary>Groups around a circle, their members around a small one.</summary>
    private static double[] Begin(IReadOnlyList<int> groups)
    {
        var (places, all) = (new double[2 * groups.Count], groups.Max() + 1);
        foreach (var (place, group) in groups.Index())
        {
            var (large, small) = (2 * Math.PI * group / all, 2.399963 * place);
            places[2 * place] = 5 * Math.Cos(large) + Math.Cos(small);
            places[2 * place + 1] = 5 * Math.Sin(large) + Math.Sin(small);
        }
        return places;
    }

    /// <summary>How near each pair is, the same both ways; all sum up to 1.</summary>
    private static double[] Affinities(IReadOnlyList<double[]> cosines)
    {
        var count = cosines.Count;
        var near = new double[count * count];
        for (var i = 0; i < count; i++) Conditional([.. cosines[i].Select(cosine => Math.Max(0, 2 - 2 * cosine))], near.AsSpan(i * count, count), i);
        for (var i = 0; i < count; i++)
            for (var j = 0; j < i; j++) near[i * count + j] = near[j * count + i] = (near[i * count + j] + near[j * count + i]) / (2 * count);
        return near;
    }

    /// <summary>Probabilities of the others from one, with the width at which the perplexity is right.</summary>
    private static void Conditional(ReadOnlySpan<double> distances, Span<double> near, int self)
    {
        var (low, high, precision) = (0.0, double.PositiveInfinity, 1.0);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            var (sum, weighted) = (0.0, 0.0);
            for (var j = 0; j < near.Length; j++)
            {
                near[j] = j == self ? 0 : Math.Exp(-precision * distances[j]);
                sum += near[j];
                weighted += near[j] * distances[j];
            }
            for (var j = 0; j < near.Length; j++) near[j] /= sum;
            var excess = Math.Log(sum) + precision * weighted / sum - Math.Log(Perplexity);
            if (Math.Abs(excess) < 1e-4) return;
            if (excess > 0) low = precision;
            else high = precision;
            precision = double.IsInfinity(high) ? 2 * precision : (low + high) / 2;
        }
    }

    private static (double X, double Y)[] Scaled(double[] places)
    {
        var (xs, ys) = (places.Where((_, k) => k % 2 == 0).ToArray(), places.Where((_, k) => k % 2 == 1).ToArray());
        double Part(double value, double[] all) => Math.Round((value - all.Min()) / (all.Max() - all.Min()), 4);
        return [.. xs.Zip(ys, (x, y) => (Part(x, xs), Part(y, ys)))];
    }
}
