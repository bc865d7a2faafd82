using Paramorph.Reference;

namespace Paramorph.Tests;

/// <summary>The special functions of the reference against values computed to forty digits with another program (mpmath) and against MathNet.Numerics.</summary>
public class SpecialFunctionTests
{
    public static TheoryData<string, double, double> Values => new()
    {
        { "erf", 1e-10, 1.128379167095512615e-10 },
        { "erf", 0.1, 0.1124629160182848984 },
        { "erf", 0.5, 0.52049987781304653768 },
        { "erf", 0.9, 0.79690821242283213966 },
        { "erf", 1.0, 0.84270079294971486934 },
        { "erf", 1.7, 0.98379045859077456084 },
        { "erf", 1.99, 0.99511141319961699705 },
        { "erf", 2.0, 0.99532226501895273416 },
        { "erf", 2.5, 0.99959304798255504106 },
        { "erf", 3.5, 0.99999925690162765859 },
        { "erf", 5.0, 0.99999999999846254021 },
        { "erf", -0.3, -0.32862675945912741619 },
        { "erfc", -2.0, 1.9953222650189527342 },
        { "erfc", -0.3, 1.3286267594591274162 },
        { "erfc", 1e-10, 0.99999999988716208329 },
        { "erfc", 0.5, 0.47950012218695346232 },
        { "erfc", 0.99, 0.16149193044463020018 },
        { "erfc", 1.0, 0.15729920705028513066 },
        { "erfc", 1.5, 0.033894853524689272933 },
        { "erfc", 2.0, 0.0046777349810472658379 },
        { "erfc", 5.0, 1.5374597944280348502e-12 },
        { "erfc", 10.0, 2.088487583762544757e-45 },
        { "erfc", 20.0, 5.3958656116079009289e-176 },
        { "erfc", 26.0, 5.6631924088561428465e-296 },
        { "erfinv", 1e-12, 8.8622692545275799582e-13 },
        { "erfinv", 0.1, 0.088855990494257691974 },
        { "erfinv", 0.5, 0.47693627620446987338 },
        { "erfinv", 0.899, 1.1596726933856139142 },
        { "erfinv", 0.9, 1.1630871536766741628 },
        { "erfinv", 0.901, 1.1665289511967892744 },
        { "erfinv", 0.99, 1.8213863677184494559 },
        { "erfinv", 0.999999, 3.4589107372754987775 },
        { "erfinv", 0.999999999999, 5.0420318985726961301 },
        { "erfinv", -0.7, -0.73286907795921678488 },
        { "lgamma", 1e-20, 46.051701859880913735 },
        { "lgamma", 1e-10, 23.025850929882735237 },
        { "lgamma", 0.1, 2.252712651734205902 },
        { "lgamma", 0.3, 1.0957979948180755606 },
        { "lgamma", 0.49, 0.59224962933526705574 },
        { "lgamma", 0.5, 0.57236494292470008707 },
        { "lgamma", 0.51, 0.55297381792980072289 },
        { "lgamma", 0.7, 0.26086724653166656857 },
        { "lgamma", 0.9, 0.066376239734742954426 },
        { "lgamma", 1.1, -0.049872441259839761785 },
        { "lgamma", 1.3, -0.10817480950786047846 },
        { "lgamma", 1.4, -0.11961291417237129319 },
        { "lgamma", 1.5, -0.12078223763524522235 },
        { "lgamma", 1.6, -0.11259176569675577239 },
        { "lgamma", 1.9, -0.038984275923083361674 },
        { "lgamma", 2.1, 0.045437738544485179002 },
        { "lgamma", 2.3, 0.1541894549596304745 },
        { "lgamma", 2.5, 0.28468287047291915963 },
        { "lgamma", 2.6, 0.35741186354897983677 },
        { "lgamma", 3.0, 0.69314718055994530942 },
        { "lgamma", 5.5, 3.9578139676187162939 },
        { "lgamma", 9.9, 12.577179904219879684 },
        { "lgamma", 10.0, 12.801827480081469611 },
        { "lgamma", 15.0, 25.1912211827386815 },
        { "lgamma", 100.5, 361.43554046777762156 },
        { "lgamma", 10000000000.0, 2.2025850928881058147e+11 },
        { "lgamma", -1e-10, 23.02585092999817837 },
        { "lgamma", -0.1, 2.3689613327287886039 },
        { "lgamma", -0.5, 1.2655121234846453965 },
        { "lgamma", -0.6, 1.3075034414677744299 },
        { "lgamma", -1.5, 0.86004701537648101451 },
        { "lgamma", -3.3, -0.82435580501742646015 },
        { "lgamma", -10.1, -13.02097327101149852 },
        { "lgamma", -50.7, -149.87132354860612713 },
        { "digamma", 1e-10, -1.00000000005772153e+10 },
        { "digamma", 0.1, -10.423754940411076232 },
        { "digamma", 0.5, -1.9635100260214234794 },
        { "digamma", 1.0, -0.57721566490153286061 },
        { "digamma", 2.0, 0.42278433509846713939 },
        { "digamma", 3.7, 1.1671535393615114409 },
        { "digamma", 10.0, 2.2517525890667211076 },
        { "digamma", 19.9, 2.9653837242676785756 },
        { "digamma", 25.0, 3.1987425128519740085 },
        { "digamma", 1000000.0, 13.815510057964190771 },
        { "digamma", -0.1, 9.2450730500529480423 },
        { "digamma", -0.5, 0.036489973978576520559 },
        { "digamma", -0.9999, -9999.576951174614676 },
        { "digamma", -1.5, 0.70315664064524318723 },
        { "digamma", -7.3, 4.3373073055100501422 },
        { "digamma", -30.3, 5.7100592729113117423 },
        { "digamma", -1000000.25, 16.957103961553827759 },
        { "polygamma1", 0.01, 10001.621213528312804 },
        { "polygamma1", 0.5, 4.9348022005446793094 },
        { "polygamma1", 1.0, 1.6449340668482264365 },
        { "polygamma1", 3.3, 0.35350154184106183225 },
        { "polygamma1", 12.0, 0.08690187287176839075 },
        { "polygamma1", 40.0, 0.025315103841291028158 },
        { "polygamma1", -0.25, 18.541879647671606498 },
        { "polygamma1", -0.7, 14.286180872638339627 },
        { "polygamma1", -2.6, 10.59168836239021744 },
        { "polygamma1", -25.4, 10.872961016767233181 },
        { "polygamma1", -100000.3, 15.079403702681996916 },
        { "polygamma2", 0.01, -2000002.3403986769596 },
        { "polygamma2", 0.5, -16.828796644234319996 },
        { "polygamma2", 1.0, -2.4041138063191885708 },
        { "polygamma2", 3.3, -0.12375118526494272562 },
        { "polygamma2", 12.0, -0.0075472053689989119399 },
        { "polygamma2", 40.0, -0.00064082027183529858776 },
        { "polygamma2", -0.25, 122.69736678366236037 },
        { "polygamma2", -0.7, -69.441632798638532998 },
        { "polygamma2", -2.6, -22.377796580409245769 },
        { "polygamma2", -25.4, 22.274806906444275553 },
        { "polygamma2", -100000.3, 68.837543712196964291 },
        { "polygamma3", 0.01, 600000006.25106182292 },
        { "polygamma3", 0.5, 97.409091034002437236 },
        { "polygamma3", 1.0, 6.4939394022668291491 },
        { "polygamma3", 3.3, 0.085849667336884940482 },
        { "polygamma3", 12.0, 0.0013100932310708259704 },
        { "polygamma3", 40.0, 3.2441400151563500322e-5 },
        { "polygamma3", -0.25, 1555.7633125348505998 },
        { "polygamma3", -0.7, 768.13135232685265003 },
        { "polygamma3", -2.6, 283.53838059773573763 },
        { "polygamma3", -25.4, 283.60218505030872897 },
        { "polygamma3", -100000.3, 769.02091430513387406 },
        { "polygamma5", 0.01, 1.2000000000011505251e+14 },
        { "polygamma5", 0.5, 7691.1135486024354962 },
        { "polygamma5", 1.0, 122.08116743813389677 },
        { "polygamma5", 3.3, 0.12084171431847722886 },
        { "polygamma5", 12.0, 0.00011820829051081491729 },
        { "polygamma5", 40.0, 2.4938943509996702254e-7 },
        { "polygamma5", -0.25, 492198.75334287457971 },
        { "polygamma5", -0.7, 165654.82926950054448 },
        { "polygamma5", -2.6, 31893.099942932889739 },
        { "polygamma5", -25.4, 31893.174374972388175 },
        { "polygamma5", -100000.3, 165660.17444381012073 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_good_to_fourteen_digits(string name, double x, double expected)
    {
        var actual = Function(name)(x);
        // Digamma passes through zeros, near which only the absolute error can be small.
        var absolute = name == "digamma" ? 1e-15 : 0;
        Assert.True(Math.Abs(actual - expected) <= 1e-14 * Math.Abs(expected) + absolute, $"{name}({x:R}) is {actual:R} but should be {expected:R}");
    }

    [Theory]
    [InlineData("erf", -4, 4)]
    [InlineData("erfc", -3, 8)]
    [InlineData("erfinv", -0.99, 0.99)]
    [InlineData("lgamma", 0.05, 60)]
    [InlineData("digamma", 0.05, 60)]
    public void Values_agree_with_another_library(string name, double low, double high)
    {
        Func<double, double> other = name switch
        {
            "erf" => MathNet.Numerics.SpecialFunctions.Erf,
            "erfc" => MathNet.Numerics.SpecialFunctions.Erfc,
            "erfinv" => MathNet.Numerics.SpecialFunctions.ErfInv,
            "lgamma" => MathNet.Numerics.SpecialFunctions.GammaLn,
            _ => MathNet.Numerics.SpecialFunctions.DiGamma,
        };
        for (var i = 0; i <= 500; i++)
        {
            var x = low + (high - low) * i / 500;
            Assert.Equal(other(x), Function(name)(x), 1e-12 * Math.Max(1, Math.Abs(other(x))));
        }
    }

    [Fact]
    public void Polygamma_obeys_its_recurrence_far_into_the_negative_numbers()
    {
        foreach (var order in new[] { 0, 1, 2, 4 })
        {
            foreach (var x in new[] { -0.75, -1.25, -2.5, -7.125, -20.5, -300.25 })
            {
                var step = Math.Pow(-1, order) * Enumerable.Range(1, order).Aggregate(1.0, (f, k) => f * k) * Math.Pow(x, -order - 1);
                var expected = SpecialFunctions.Polygamma(order, x) + step;
                Assert.Equal(expected, SpecialFunctions.Polygamma(order, x + 1), 1e-12 * (1 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void Poles_and_ends_have_their_limits()
    {
        Assert.Equal(1, SpecialFunctions.Erf(double.PositiveInfinity));
        Assert.Equal(-1, SpecialFunctions.Erf(double.NegativeInfinity));
        Assert.Equal(0, SpecialFunctions.Erfc(double.PositiveInfinity));
        Assert.Equal(2, SpecialFunctions.Erfc(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Erfinv(1));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.Erfinv(-1));
        Assert.Equal(double.NaN, SpecialFunctions.Erfinv(1.1));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Lgamma(0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Lgamma(-3));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Lgamma(double.PositiveInfinity));
        Assert.Equal(0, SpecialFunctions.Lgamma(1));
        Assert.Equal(0, SpecialFunctions.Lgamma(2));
        Assert.Equal(double.NaN, SpecialFunctions.Polygamma(0, -2));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Polygamma(1, 0));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.Polygamma(0, double.PositiveInfinity));
        Assert.Equal(0, SpecialFunctions.Polygamma(3, double.PositiveInfinity));
        foreach (var function in new[] { "erf", "erfc", "erfinv", "lgamma", "digamma", "polygamma1" }) Assert.Equal(double.NaN, Function(function)(double.NaN));
    }

    [Fact]
    public void Small_arguments_keep_their_digits_and_signs()
    {
        foreach (var x in new[] { 1e-300, 1e-20, -1e-20, 3e-9 })
        {
            Assert.Equal(x, SpecialFunctions.Expm1(x), Math.Abs(x) * 2e-9);
            Assert.Equal(x, SpecialFunctions.Log1p(x), Math.Abs(x) * 2e-9);
            Assert.Equal(x * 1.1283791670955126, SpecialFunctions.Erf(x), Math.Abs(x) * 1e-15);
        }
        foreach (Func<double, double> odd in new Func<double, double>[] { SpecialFunctions.Expm1, SpecialFunctions.Log1p, SpecialFunctions.Erf, SpecialFunctions.Erfinv })
            Assert.True(double.IsNegative(odd(-0.0)));
    }

    private static Func<double, double> Function(string name) => name switch
    {
        "erf" => SpecialFunctions.Erf,
        "erfc" => SpecialFunctions.Erfc,
        "erfinv" => SpecialFunctions.Erfinv,
        "lgamma" => SpecialFunctions.Lgamma,
        "digamma" => x => SpecialFunctions.Polygamma(0, x),
        _ => x => SpecialFunctions.Polygamma(name[^1] - '0', x),
    };
}
