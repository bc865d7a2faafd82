namespace Paramorph.Data;

/// <summary>
/// Drawn alloys of many elements, with properties that follow by rules from their descriptors, and noise for what the rules leave out. Inputs are <see
/// cref="HighEntropyAlloy.Descriptors"/>, f64.
/// </summary>
public static class AlloyProperties
{
    /// <summary>
    /// 1 for a single phase, a solid solution, and 0 for several: radii that differ by less than 6.6 % and an enthalpy of mixing from -15 to 5 kJ/mol. (After Zhang et al., 2008.)
    /// </summary>
    /// <param name="key">Draws alloys and noise.</param>
    /// <param name="count">How many alloys.</param>
    /// <returns>Inputs f32 [count, 8].</returns>
    public static LabelledData Phases(Key key, int count)
    {
        var random = new KeyRandom(key);
        HighEntropyAlloy[] alloys = [.. Enumerable.Range(0, count).Select(_ => HighEntropyAlloy.Draw(random))];
        int[] labels = [.. alloys.Select(alloy => alloy.Misfit + 0.4 * random.Normal() < 6.6 && alloy.MixingEnthalpy + 1.5 * random.Normal() is > -15 and < 5 ? 1 : 0)];
        return new(Tensor.From<float>([.. alloys.SelectMany(alloy => alloy.Descriptors).Select(value => (float)value)], [count, alloys[0].Descriptors.Length]), Tensor.From(labels));
    }

    /// <summary>The bulk modulus in GPa: the mean of the elements', less for misfit and for an enthalpy that does not bind, with a deviation of 4.</summary>
    /// <inheritdoc cref="Phases" path="/param"/>
    /// <returns>Inputs [count, 8], targets [count, 1].</returns>
    public static RegressionData BulkModuli(Key key, int count) => Rows(key, count, (random, alloy) =>
        (alloy.Descriptors, alloy.Mean(element => element.BulkModulus) * (1 - 0.015 * alloy.Misfit - 0.004 * alloy.MixingEnthalpy) + 4 * random.Normal()));

    /// <summary>
    /// The yield strength in MPa after rolling and annealing, with a deviation of 25: hardening by the solution, which grows with the misfit to the power 4/3, by the rims of grains
    /// (Hall and Petch), which grow by diffusion, and by what annealing leaves of the rolling.
    /// </summary>
    /// <inheritdoc cref="Phases" path="/param"/>
    /// <returns>Inputs [count, 11]: descriptors, the temperature of annealing in K, the logarithm of its hours, and the reduction in rolling, 0 to 0.8; targets [count, 1].</returns>
    public static RegressionData YieldStrengths(Key key, int count) => Rows(key, count, (random, alloy) =>
    {
        var (kelvin, hours, rolled) = (random.Uniform(800, 1500), Math.Exp(random.Uniform(Math.Log(0.2), Math.Log(50))), random.Uniform(0, 0.8));
        // Grains in micrometres.
        var (solution, grain) = (60 * Math.Pow(alloy.Misfit, 4.0 / 3), Math.Sqrt(4 + 2e6 * hours * Math.Exp(-16 * alloy.Mean(element => element.MeltingPoint) / (1.9 * kelvin))));
        var left = Math.Exp(-Math.Pow(kelvin / 1150, 8) * Math.Pow(hours, 0.2));
        return ([.. alloy.Descriptors, kelvin, Math.Log(hours), rolled], 150 + solution + 500 / Math.Sqrt(grain) + 700 * Math.Sqrt(rolled) * left + 25 * random.Normal());
    });

    private static RegressionData Rows(Key key, int count, Func<KeyRandom, HighEntropyAlloy, (double[] Inputs, double Target)> answer)
    {
        var random = new KeyRandom(key);
        var rows = Enumerable.Range(0, count).Select(_ => answer(random, HighEntropyAlloy.Draw(random))).ToArray();
        return new(Tensor.From<double>([.. rows.SelectMany(row => row.Inputs)], [count, rows[0].Inputs.Length]), Tensor.From<double>([.. rows.Select(row => row.Target)], [count, 1]));
    }
}
