namespace Paramorph.Sequences;

/// <summary>
/// An associative memory of N spins s in {-1, 1} that interact P at a time, with Hebb's rule taught by a teacher: patterns are known by noisy examples only, and the
/// examples of one class are averaged before they are stored. With the averages x^μ its energy is
/// <code>E(s) = -((P - 1)! / N^(P-1)) Σ_μ Σ_{i1 &lt; ... &lt; iP} x^μ_{i1} s_{i1} ... x^μ_{iP} s_{iP},</code>
/// which for P = 2 is that of Hopfield's network. The N^P couplings are never formed: the inner sum is the elementary symmetric polynomial of the numbers x^μ_i s_i and
/// follows from their power sums, generalised Mattis magnetisations, by Newton's identities. (Agliari et al., "Dense Hebbian neural networks: a replica symmetric
/// picture of supervised learning", 2023; without examples, Gardner, "Multiconnected neural network models", 1987. The sum runs over distinct neurons, as in the
/// latter: terms with an index twice would add pairwise couplings that drown the memory at loads of the order N^(P-1).)
/// </summary>
/// <param name="Patterns">x [neurons, patterns], of variance one, f32 or f64: what <see cref="Average"/> gives, or patterns of -1 and 1.</param>
/// <param name="Order">P, 2 or more.</param>
[Tree]
public sealed partial record DenseHebbianNetwork(Tensor Patterns, int Order)
{
    /// <summary>N.</summary>
    public int Neurons => Patterns.Shape[0];

    /// <summary>(P - 1)! / N^(P-1).</summary>
    private double Coupling => Enumerable.Range(1, Order - 1).Aggregate(1.0, (product, k) => product * k / Neurons);

    /// <summary>
    /// Averages of the examples of each pattern over sqrt(r² + (1 - r²) / M), which makes their variance one. An example repeats each spin of its pattern with the
    /// probability (1 + r) / 2, and turns it over otherwise.
    /// </summary>
    /// <param name="key">Draws the examples.</param>
    /// <param name="patterns">Patterns of -1 and 1, of any shape.</param>
    /// <param name="quality">r, a scalar above 0 and at most 1.</param>
    /// <param name="examples">M, of each pattern.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no examples.</exception>
    public static Tensor Average(Key key, Tensor patterns, Tensor quality, int examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        var type = patterns.ElementType;
        quality = quality.AsType(type);
        var kept = Control.Repeat(
            examples,
            (example, sum) => sum + Tensor.Where(Sample.Uniform(key.Fold(example), patterns.Shape, type: type) < (1 + quality) / 2, 1.0, -1.0).AsType(type),
            Tensor.ZerosLike(patterns));
        return patterns * kept / (examples * Tensor.Sqrt(quality * quality + (1 - quality * quality) / examples));
    }

    /// <summary>The energy of states.</summary>
    /// <param name="spins">[chains, neurons], -1 or 1; numbers between are mean spins, of which the energy is the multilinear extension.</param>
    /// <returns>[chains].</returns>
    public Tensor Energy(Tensor spins) => -Coupling * Symmetric(PowerSums(spins, Order))[Order].Sum(-1);

    /// <summary>The fields: half of the energy that turning a spin from 1 to -1 would cost, -∂E/∂s_i. A spin's own state does not enter its field.</summary>
    /// <param name="spins">[chains, neurons], as for <see cref="Energy"/>.</param>
    /// <returns>[chains, neurons].</returns>
    public Tensor Field(Tensor spins) => Field(spins, Patterns, PowerSums(spins, Order - 1));

    /// <summary>
    /// One sweep of Glauber's dynamics: blocks of neurons one after another, the spins of a block at once, each 1 with the probability 1 / (1 + exp(-2 field / T)). With
    /// as many blocks as neurons it is asynchronous and keeps detailed balance, and at T = 0 the energy never rises; a block of more neurons costs far less.
    /// </summary>
    /// <param name="key">The key of this sweep.</param>
    /// <param name="spins">[chains, neurons], -1 or 1.</param>
    /// <param name="temperature">T, 0 or more; at 0 a spin takes the sign of its field, and keeps its state where that is zero.</param>
    /// <param name="blocks">How many blocks; divides the neurons.</param>
    /// <exception cref="ShapeException">The blocks do not divide the neurons.</exception>
    public Tensor Sweep(Key key, Tensor spins, Tensor temperature, int blocks)
    {
        if (blocks < 1 || Neurons % blocks != 0) throw new ShapeException($"dense Hebbian network: {Neurons} neurons do not divide into {blocks} blocks.");
        var (chains, size) = (spins.Shape[0], Neurons / blocks);
        // A uniform number may be 0, whose infinite logit times T = 0 would be NaN.
        var uniform = Tensor.Maximum(Sample.Uniform(key, [blocks, chains, size], type: spins.ElementType), 1e-8);
        var slices = new TreeList<Tensor>(
            Patterns.Reshape(blocks, size, -1), spins.Reshape(chains, blocks, size).SwapAxes(0, 1), temperature * Tensor.Logit(uniform));
        var (_, swept) = Control.Scan<TreeList<Tensor>, TreeList<Tensor>, Tensor>(
            (sums, slice) =>
            {
                var (patterns, old) = (slice[0], slice[1]);
                var threshold = 2 * Field(old, patterns, [.. sums]) - slice[2];
                var spins = Tensor.Where(Tensor.Equal(threshold, 0.0), old, Tensor.Sign(threshold));
                return ([.. sums.Select((sum, k) => k % 2 == 0 ? sum + (spins - old).Dot(Tensor.Power(patterns, k + 1)) : sum)], spins);
            },
            new TreeList<Tensor>(PowerSums(spins, Order - 1)),
            slices);
        return swept.SwapAxes(0, 1).Reshape(chains, Neurons);
    }

    /// <summary>
    /// A step of the mean-field dynamics: mean spins become tanh(field of the mean spins / T), the stationary points of Plefka's expansion of the free energy to first
    /// order. (Plefka, "Convergence condition of the TAP equation for the infinite-ranged Ising spin glass model", 1982.)
    /// </summary>
    /// <param name="means">[chains, neurons], from -1 to 1.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="rate">The part of the step that is taken.</param>
    public Tensor MeanFieldStep(Tensor means, Tensor temperature, double rate = 1) => (1 - rate) * means + rate * Tensor.Tanh(Field(means) / temperature);

    /// <summary>Σ_i (x^μ_i s_i)^k for k = 1 to count: [chains, patterns] each.</summary>
    private Tensor[] PowerSums(Tensor spins, int count) =>
        [.. Enumerable.Range(1, count).Select(k => Tensor.Power(spins, k).Dot(Tensor.Power(Patterns, k)))];

    /// <summary>Elementary symmetric polynomials e_0 to e_P of numbers by their power sums: k e_k = Σ_j (-1)^(j-1) e_{k-j} p_j.</summary>
    private static Tensor[] Symmetric(IReadOnlyList<Tensor> sums)
    {
        var polynomials = new List<Tensor> { Tensor.OnesLike(sums[0]) };
        for (var k = 1; k <= sums.Count; k++)
        {
            var terms = Enumerable.Range(1, k).Select(j => (j % 2 == 1 ? 1.0 : -1.0) / k * (j == k ? sums[j - 1] : polynomials[k - j] * sums[j - 1]));
            polynomials.Add(terms.Aggregate((a, b) => a + b));
        }
        return [.. polynomials];
    }

    /// <summary>
    /// The fields of some neurons. Without the number y_i = x_i s_i the polynomial e_{P-1} is Σ_j (-y_i)^j e_{P-1-j}, so each j is one product of matrices.
    /// </summary>
    /// <param name="spins">[chains, some neurons].</param>
    /// <param name="patterns">[some neurons, patterns].</param>
    /// <param name="sums">Power sums of all neurons.</param>
    private Tensor Field(Tensor spins, Tensor patterns, IReadOnlyList<Tensor> sums)
    {
        var polynomials = Symmetric(sums);
        var terms = Enumerable.Range(0, Order).Select(j =>
        {
            var powers = Tensor.Power(patterns, j + 1);
            var product = j == Order - 1 ? powers.Sum(-1) : polynomials[Order - 1 - j].Dot(powers.T);
            return j == 0 ? product : Tensor.Power(-spins, j) * product;
        });
        return Coupling * terms.Aggregate((a, b) => a + b);
    }
}
