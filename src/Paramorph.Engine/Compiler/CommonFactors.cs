using Paramorph.Primitives;

namespace Paramorph.Compiler;

/// <summary>
/// Takes a factor that two products have in common out of their sum: p a + p b becomes p (a + b). So come derivatives of activations that are products
/// themselves: what multiplies the cotangent is then one value, which the loop of the activation makes beside it, and the way back reads one in place of
/// several.
/// </summary>
internal static class CommonFactors
{
    /// <summary>Sums of more products than this and one are left with several common factors.</summary>
    private const int MostRounds = 6;

    /// <summary>The computation with common factors outside of sums.</summary>
    public static Computation Apply(Computation computation, CompilerOptions options)
    {
        for (var round = 0; round < MostRounds && options.TakesFactorsOut; round++)
        {
            var search = new Search(computation);
            if (!computation.Operations.Any(o => search.Find(o) is not null)) break;
            var inputs = computation.Inputs;
            var before = computation;
            computation = Computation.Trace(before.Name, x => before.Rewrite(x, search.Rewrite), [.. inputs.Select(t => t.Type)], [.. inputs.Select(t => t.Label)]);
        }
        return computation;
    }

    /// <summary>The factors of a product, those that are constants as one number.</summary>
    private sealed class Product
    {
        public List<Tensor> Factors { get; } = [];

        public double Constant { get; set; } = 1;

        /// <summary>The product of the factors but for one, or null where only the constant is left.</summary>
        public Tensor? Without(int left)
        {
            Tensor? product = null;
            for (var i = 0; i < Factors.Count; i++)
                if (i != left) product = product is null ? Factors[i] : product * Factors[i];
            return product is null || Constant == 1 ? product : product * Constant;
        }
    }

    private sealed class Search
    {
        private readonly Dictionary<Tensor, int> uses = [];

        public Search(Computation computation)
        {
            foreach (var input in computation.Operations.SelectMany(o => o.Inputs.ToArray()).Concat(computation.Outputs)) uses[input] = uses.GetValueOrDefault(input) + 1;
        }

        /// <summary>Which factors of the two sides of a sum or difference are the same value; the one that is made last, as a cotangent is. Null where there is none.</summary>
        public (int Left, int Right)? Find(Operation operation)
        {
            if (!IsSum(operation)) return null;
            var (left, right) = (new Product(), new Product());
            Collect(operation.Inputs[0], operation.Inputs[0], left);
            Collect(operation.Inputs[1], operation.Inputs[1], right);
            (int, int)? best = null;
            var latest = long.MinValue;
            for (var i = 0; i < left.Factors.Count; i++)
            {
                var factor = left.Factors[i];
                var made = factor.Source?.Number ?? -1;
                if (made < latest || right.Factors.IndexOf(factor) is not (>= 0 and var j)) continue;
                // One side may be the factor alone: what is left of it is 1.
                (best, latest) = ((i, j), made);
            }
            return best;
        }

        public Tensor[] Rewrite(Operation operation, Tensor[] operands)
        {
            if (Find(operation) is not var (i, j)) return operation.Apply(operands);
            var (left, right) = (new Product(), new Product());
            Collect(operation.Inputs[0], operands[0], left);
            Collect(operation.Inputs[1], operands[1], right);
            if (operation.Primitive == Elementwise.Subtract) right.Constant = -right.Constant;
            var (common, a, b) = (left.Factors[i], left.Without(i), right.Without(j));
            if (a is null && b is null) return [common * (left.Constant + right.Constant)];
            return [common * (a is null ? b! + left.Constant : b is null ? a + right.Constant : a + b)];
        }

        private static bool IsSum(Operation operation) =>
            (operation.Primitive == Elementwise.Add || operation.Primitive == Elementwise.Subtract) && operation.Output.ElementType.IsFloating();

        /// <summary>The factors of a tensor, found by those of the one that it was rewritten from: products and changes of sign that nobody else reads.</summary>
        private void Collect(Tensor old, Tensor now, Product product)
        {
            if (Constant(old) is { } number)
            {
                product.Constant *= number;
                return;
            }
            var isInside = !old.IsEvaluated && uses[old] == 1 && now.Source is not null;
            if (isInside && old.Source is { } times && times.Primitive == Elementwise.Multiply)
            {
                Collect(times.Inputs[0], now.Source!.Inputs[0], product);
                Collect(times.Inputs[1], now.Source!.Inputs[1], product);
            }
            else if (isInside && old.Source is { } minus && minus.Primitive == Elementwise.Negate)
            {
                product.Constant = -product.Constant;
                Collect(minus.Input, now.Source!.Input, product);
            }
            else
            {
                product.Factors.Add(now);
            }
        }

        private static double? Constant(Tensor tensor)
        {
            while (tensor is { IsEvaluated: false, Source.Primitive: Broadcast or Reshape }) tensor = tensor.Source.Input;
            return tensor is { Rank: 0, IsEvaluated: true } && double.IsFinite(tensor.Item()) ? tensor.Item() : null;
        }
    }
}
