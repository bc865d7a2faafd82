namespace Paramorph.Data;

/// <summary>Which examples are trained on, which choose among models, which judge at the end.</summary>
/// <param name="Train">Row numbers: i32 [train].</param>
/// <param name="Validation">Row numbers: i32 [validation]; may be empty.</param>
/// <param name="Test">Row numbers: i32 [test]; may be empty.</param>
public sealed record Split(Tensor Train, Tensor Validation, Tensor Test)
{
    /// <summary>A random split. What validation and test leave is trained on.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">Number of examples.</param>
    /// <param name="validation">The share for validation, rounded to whole examples.</param>
    /// <param name="test">The share for the test, rounded to whole examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shares are negative or leave nothing to train on.</exception>
    public static Split Of(Key key, int count, double validation = 0.1, double test = 0.1) =>
        Joined([new KeyRandom(key).Permutation(count)], validation, test);

    /// <summary>A random split in which every class has its share of each part, rounded to whole examples.</summary>
    /// <param name="key">The key.</param>
    /// <param name="labels">Classes: integers [n].</param>
    /// <param name="validation">The share for validation.</param>
    /// <param name="test">The share for the test.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shares are negative or leave nothing to train on.</exception>
    public static Split Stratified(Key key, Tensor labels, double validation = 0.1, double test = 0.1)
    {
        var random = new KeyRandom(key);
        var classes = labels.ToDoubles();
        var shuffled = random.Permutation(classes.Length).GroupBy(i => classes[i]).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        var split = Joined(shuffled, validation, test);
        // Within each part the classes would follow one another.
        Tensor Mixed(Tensor rows)
        {
            var order = rows.ToArray<int>();
            random.Shuffle<int>(order);
            return Tensor.From(order);
        }
        return new(Mixed(split.Train), Mixed(split.Validation), Mixed(split.Test));
    }

    /// <summary>A random split in which examples of one group are in one part: those of one patient, of one machine.</summary>
    /// <param name="key">The key.</param>
    /// <param name="groups">The name of each example's group.</param>
    /// <param name="validation">The share of groups for validation.</param>
    /// <param name="test">The share of groups for the test.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shares are negative or leave nothing to train on.</exception>
    public static Split Grouped(Key key, IReadOnlyList<string> groups, double validation = 0.1, double test = 0.1)
    {
        int[][] members = [.. Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).Select(group => group.ToArray())];
        var whole = Of(key, members.Length, validation, test);
        Tensor Members(Tensor part) => Tensor.From<int>([.. part.ToArray<int>().SelectMany(group => members[group])]);
        return new(Members(whole.Train), Members(whole.Validation), Members(whole.Test));
    }

    /// <summary>A split in time: the last examples judge, those before them choose, the first ones train.</summary>
    /// <param name="order">The examples from the first to the last.</param>
    /// <param name="validation">The share for validation.</param>
    /// <param name="test">The share for the test.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shares are negative or leave nothing to train on.</exception>
    public static Split Ordered(int[] order, double validation = 0.1, double test = 0.1)
    {
        int[] reversed = [.. order.Reverse()];
        var split = Joined([reversed], validation: test, test: validation);
        Tensor Forward(Tensor part) => part.Flip(0).Evaluate();
        return new(Forward(split.Train), Forward(split.Test), Forward(split.Validation));
    }

    /// <summary>The same split when it has examples for validation; else a share of those that train, drawn at random.</summary>
    /// <param name="key">The key.</param>
    /// <param name="validation">The share.</param>
    public Split WithValidation(Key key, double validation)
    {
        if (Validation.Count > 0) return this;
        var drawn = Of(key, Train.Count, validation, test: 0);
        return new(Train.Take(drawn.Train).Evaluate(), Train.Take(drawn.Validation).Evaluate(), Test);
    }

    /// <summary>The rows of data, in the three parts.</summary>
    /// <param name="data">A tree whose tensors are [n, ...].</param>
    public (T Train, T Validation, T Test) Apply<T>(T data)
        where T : ITree<T>
    {
        var take = Compile.Of((T tree, Tensor rows) => Tree.Map(tree, leaf => leaf.Take(rows)));
        return (take(data, Train), take(data, Validation), take(data, Test));
    }

    private static Split Joined(int[][] groups, double validation, double test)
    {
        if (!(validation >= 0 && test >= 0 && validation + test < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validation), $"shares of {validation} for validation and {test} for the test leave nothing to train on: they add to less than 1.");
        }
        var (first, second, rest) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var group in groups)
        {
            var (validations, tests) = (Rounded(validation * group.Length), Rounded(test * group.Length));
            second.AddRange(group[..validations]);
            rest.AddRange(group[validations..(validations + tests)]);
            first.AddRange(group[(validations + tests)..]);
        }
        return new(Tensor.From([.. first]), Tensor.From([.. second]), Tensor.From([.. rest]));
    }

    private static int Rounded(double count) => (int)Math.Round(count, MidpointRounding.AwayFromZero);
}
