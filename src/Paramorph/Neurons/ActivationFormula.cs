using System.Globalization;

namespace Paramorph.Neurons;

/// <summary>
/// A formula as it stands in print, read into a function of tensors: sums, products, powers, the functions below, and cases such as <c>x &lt; 0 ? a*x : x</c>, which compare x or
/// its modulus with a bound. Each case sees the bound where the other one holds: what a formula would be beyond its case spoils no derivative.
/// </summary>
internal sealed class ActivationFormula
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> unary = new()
    {
        ["exp"] = Tensor.Exp,
        ["expm1"] = Tensor.Expm1,
        ["ln"] = Tensor.Log,
        ["sqrt"] = Tensor.Sqrt,
        ["abs"] = Tensor.Abs,
        ["sign"] = Tensor.Sign,
        ["sin"] = Tensor.Sin,
        ["cos"] = Tensor.Cos,
        ["atan"] = Tensor.Atan,
        ["sinh"] = Tensor.Sinh,
        ["tanh"] = Tensor.Tanh,
        ["asinh"] = Tensor.Asinh,
        ["sech"] = Sech,
        ["sinc"] = Tensor.Sinc,
        ["erf"] = Tensor.Erf,
        ["gamma"] = x => Tensor.Exp(Tensor.Lgamma(x)),
        ["sigmoid"] = Tensor.Sigmoid,
        ["softplus"] = Tensor.Softplus,
        ["elu"] = x => Tensor.Elu(x),
        ["gelu"] = Tensor.Gelu,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> binary = new() { ["max"] = Tensor.Maximum, ["min"] = Tensor.Minimum };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> relations = new()
    {
        ["<="] = Tensor.LessEqual,
        [">="] = Tensor.GreaterEqual,
        ["<"] = Tensor.Less,
        [">"] = Tensor.Greater,
    };

    private static readonly Dictionary<string, double> constants = new() { ["pi"] = Math.PI };

    private readonly string text;
    private readonly IReadOnlyList<string> parameters;
    private readonly Term value;
    private int place;

    /// <summary>Reads a formula.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="parameters">The names of its parameters.</param>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public ActivationFormula(string text, IReadOnlyList<string> parameters)
    {
        (this.text, this.parameters) = (text, parameters);
        value = Cases();
        if (Next() != '\0') throw Unreadable("an operator");
    }

    private delegate Tensor Term(Tensor x, IReadOnlyList<Tensor> parameters);

    /// <summary>The value at x, of its shape where parameters are scalars.</summary>
    public Tensor Of(Tensor x, IReadOnlyList<Tensor> values) => value(x, values);

    private static Tensor Sech(Tensor x)
    {
        var decay = Tensor.Exp(-Tensor.Abs(x));
        return 2.0 * decay / (1.0 + decay * decay);
    }

    private Term Cases()
    {
        var left = Sum();
        if (relations.Keys.FirstOrDefault(Takes) is not { } relation) return left;
        var bound = Sum();
        Expect('?');
        var inside = Cases();
        Expect(':');
        var outside = Cases();
        return (x, p) =>
        {
            var (limit, holds) = (bound(x, p), relations[relation](left(x, p), bound(x, p)));
            return Tensor.Where(holds, inside(Tensor.Where(holds, x, limit), p), outside(Tensor.Where(holds, limit, x), p));
        };
    }

    private Term Sum()
    {
        var sum = Product();
        while (Next() is '+' or '-')
        {
            var (left, isSum, right) = (sum, text[place++] == '+', Product());
            sum = isSum ? (x, p) => left(x, p) + right(x, p) : (x, p) => left(x, p) - right(x, p);
        }
        return sum;
    }

    private Term Product()
    {
        var product = Signed();
        while (Next() is '*' or '/')
        {
            var (left, isProduct, right) = (product, text[place++] == '*', Signed());
            product = isProduct ? (x, p) => left(x, p) * right(x, p) : (x, p) => left(x, p) / right(x, p);
        }
        return product;
    }

    private Term Signed()
    {
        if (!Takes("-")) return Power();
        var value = Signed();
        return (x, p) => -value(x, p);
    }

    private Term Power()
    {
        var number = Atom();
        if (!Takes("^")) return number;
        var from = place;
        var exponent = Signed();
        return int.TryParse(text.AsSpan(from, place - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? (x, p) => Tensor.Power(number(x, p), whole)
            : (x, p) => Tensor.Power(number(x, p), exponent(x, p));
    }

    private Term Atom()
    {
        if (Takes("("))
        {
            var inner = Cases();
            Expect(')');
            return inner;
        }
        var from = place;
        if (char.IsAsciiDigit(Next()))
        {
            while (place < text.Length && (char.IsAsciiDigit(text[place]) || text[place] == '.')) place++;
            var number = double.Parse(text.AsSpan(from, place - from), CultureInfo.InvariantCulture);
            return (x, _) => Tensor.Full([], number, x.ElementType);
        }
        while (place < text.Length && char.IsAsciiLetterOrDigit(text[place])) place++;
        var name = text[from..place];
        if (name == "x") return (x, _) => x;
        if (parameters.ToList().IndexOf(name) is >= 0 and var i) return (_, p) => p[i];
        if (constants.TryGetValue(name, out var constant)) return (x, _) => Tensor.Full([], constant, x.ElementType);
        Expect('(');
        var first = Cases();
        var call = unary.TryGetValue(name, out var function) ? (x, p) => function(first(x, p)) : OfSeveral(name, first);
        Expect(')');
        return call;
    }

    private Term OfSeveral(string name, Term first)
    {
        Expect(',');
        var second = Cases();
        if (binary.TryGetValue(name, out var function)) return (x, p) => function(first(x, p), second(x, p));
        Expect(',');
        var third = Cases();
        return name == "clip" ? (x, p) => Tensor.Clamp(first(x, p), second(x, p), third(x, p)) : throw Unreadable($"a function, which {name} is not,");
    }

    private char Next()
    {
        while (place < text.Length && text[place] == ' ') place++;
        return place < text.Length ? text[place] : '\0';
    }

    private bool Takes(string token)
    {
        if (Next() == '\0' || !text.AsSpan(place).StartsWith(token)) return false;
        place += token.Length;
        Next();
        return true;
    }

    private void Expect(char token)
    {
        if (!Takes(token.ToString())) throw Unreadable($"\"{token}\"");
    }

    private FormatException Unreadable(string expected) => new($"{expected} belongs at place {place} of the formula {text}.");
}
