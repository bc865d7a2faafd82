namespace Paramorph;

/// <content>Sums of exponentials and what is made of them, without overflow. -inf is the logarithm of nothing.</content>
public sealed partial class Tensor
{
    /// <summary>log(e^x + e^y).</summary>
    public static Tensor LogAddExp(Tensor x, Tensor y)
    {
        (x, y) = Promote(Floating(x), Floating(y), "log_add_exp");
        // Chosen rather than taken as maximum and distance, which have kinks where x = y.
        var isFirst = GreaterEqual(x, y) | IsNaN(x);
        var (high, low) = (Where(isFirst, x, y), Where(isFirst, y, x));
        var isFinite = IsFinite(high);
        return high + Where(isFinite, Log1p(Exp(Where(isFinite, low - high, 0.0))), 0.0);
    }

    /// <summary>
    /// log of the sum of e^x along axes, which disappear; all of them when none is given. -inf of nothing but -inf, with derivative 0 there.
    /// </summary>
    public Tensor LogSumExp(params ReadOnlySpan<int> axes)
    {
        var x = Floating(this);
        var (exponentials, shift) = x.ShiftedExponentials(axes);
        var sum = exponentials.Sum(axes);
        var isEmpty = Equal(sum, 0.0);
        return Where(isEmpty, double.NegativeInfinity, shift.ReshapeTo(sum.Shape) + Log(Where(isEmpty, 1.0, sum)));
    }

    /// <summary>e^x divided by its sum along an axis: positive numbers with sum 1, or zeros where everything is -inf.</summary>
    public Tensor Softmax(int axis = -1)
    {
        var exponentials = Floating(this).ShiftedExponentials([axis]).Exponentials;
        var sum = exponentials.Sum(axis).RestoreAxes([axis], Shape);
        return exponentials / Where(Equal(sum, 0.0), 1.0, sum);
    }

    /// <summary>The logarithm of the softmax along an axis; -inf where everything is -inf.</summary>
    public Tensor LogSoftmax(int axis = -1)
    {
        var x = Floating(this);
        var (exponentials, shift) = x.ShiftedExponentials([axis]);
        var sum = exponentials.Sum(axis).RestoreAxes([axis], Shape);
        return x - shift - Log(Where(Equal(sum, 0.0), 1.0, sum));
    }

    /// <summary>log of the sum of e^x of all elements up to each along an axis, or from each on when reversed.</summary>
    public Tensor CumulativeLogSumExp(int axis, bool isReverse = false) =>
        AssociativeScan.Of([Floating(this)], (earlier, later) => [LogAddExp(earlier[0], later[0])], axis, isReverse)[0];

    /// <summary>e^(x - shift), where the shift, the largest element along the axes or 0 when that is infinite, keeps the axes at size 1.</summary>
    private (Tensor Exponentials, Tensor Shift) ShiftedExponentials(ReadOnlySpan<int> axes)
    {
        var largest = StopGradient((Count == 0 ? Sum(axes) : Max(axes)).RestoreAxes(axes, Shape));
        var shift = Where(IsFinite(largest), largest, 0.0);
        return (Exp(this - shift), shift);
    }
}
