using Paramorph.Layers;
using static Paramorph.Tests.Layers.Loops;

namespace Paramorph.Tests.Layers;

public class RecurrentTests
{
    private const int Batch = 3;
    private const int Time = 5;
    private const int Inputs = 2;
    private const int Hidden = 3;
    private static readonly Tensor Input = Numbers(Batch, Time, Inputs);
    private static readonly Tensor Lengths = Tensor.From(5, 2, 0);
    private static readonly RecurrentCell Plain = new(Numbers(Inputs, Hidden), Numbers(Hidden, Hidden) * 0.7, Numbers(Hidden), Activation.Tanh);
    private static readonly GruCell Gru = new(Numbers(Inputs, 3 * Hidden), Numbers(Hidden, 3 * Hidden) * 0.7, Numbers(3 * Hidden), Numbers(Hidden) + 0.2);
    private static readonly LstmCell Lstm = new(Numbers(Inputs, 4 * Hidden), Numbers(Hidden, 4 * Hidden) * 0.7, Numbers(4 * Hidden));

    /// <summary>A step of plain numbers: from hidden numbers, memory and an input to the next of both.</summary>
    private delegate (double[] Hidden, double[] Memory) Step(double[] hidden, double[] memory, double[] input);

    public static TheoryData<bool, bool> Ways() => new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_plain_cell_runs_step_by_step(bool isMasked, bool isReverse) => Check(Plain, PlainStep(Math.Tanh), isMasked, isReverse);

    [Fact]
    public void A_plain_cell_takes_relu() => Check(Plain with { Activation = Activation.Relu }, PlainStep(x => Math.Max(x, 0)), false, false);

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_gru_runs_step_by_step(bool isMasked, bool isReverse)
    {
        var c = Elements(Gru.CandidateBias);
        Check(Gru, (h, _, x) =>
        {
            var next = new double[Hidden];
            for (var j = 0; j < Hidden; j++)
            {
                double Input(int gate) => Affine(x, Gru.Weight, gate * Hidden + j) + Elements(Gru.Bias)([gate * Hidden + j]);
                double State(int gate) => Affine(h, Gru.Recurrent, gate * Hidden + j);
                var (r, z) = (Sigmoid(Input(0) + State(0)), Sigmoid(Input(1) + State(1)));
                next[j] = (1 - z) * Math.Tanh(Input(2) + r * (State(2) + c([j]))) + z * h[j];
            }
            return (next, next);
        }, isMasked, isReverse);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_lstm_runs_step_by_step(bool isMasked, bool isReverse) => Check(Lstm, (h, c, x) =>
    {
        var (hidden, memory) = (new double[Hidden], new double[Hidden]);
        for (var j = 0; j < Hidden; j++)
        {
            double Gate(int gate) => Affine(x, Lstm.Weight, gate * Hidden + j) + Affine(h, Lstm.Recurrent, gate * Hidden + j) + Elements(Lstm.Bias)([gate * Hidden + j]);
            memory[j] = Sigmoid(Gate(1)) * c[j] + Sigmoid(Gate(0)) * Math.Tanh(Gate(2));
            hidden[j] = Sigmoid(Gate(3)) * Math.Tanh(memory[j]);
        }
        return (hidden, memory);
    }, isMasked, isReverse);

    [Fact]
    public void The_last_state_is_that_of_the_last_element_that_counts()
    {
        var mask = SequenceMask.OfLengths(Lengths, Time);
        var (outputs, last) = Recurrent.Run(Lstm, Input, mask: mask);
        Expect.Close(outputs[0, 4], last.Hidden[0], 1e-14);
        Expect.Close(outputs[1, 1], last.Hidden[1], 1e-14);
        Expect.Close(Tensor.Zeros([Hidden], ElementType.Float64), last.Cell[2], 0);
    }

    [Fact]
    public void A_sequence_goes_on_where_its_beginning_ended()
    {
        var (whole, last) = Recurrent.Run(Lstm, Input);
        var (_, half) = Recurrent.Run(Lstm, Input[.., ..2]);
        var (rest, end) = Recurrent.Run(Lstm, Input[.., 2..], half);
        Expect.Close(whole[.., 2..], rest, 1e-14);
        Expect.Close(last.Cell, end.Cell, 1e-14);
    }

    [Fact]
    public void A_sequence_needs_no_batch_axis() =>
        Expect.Close(Recurrent.Run(Gru, Input).Outputs[1], Recurrent.Run(Gru, Input[1]).Outputs, 1e-14);

    [Fact]
    public void A_call_of_a_cell_is_one_step()
    {
        var outputs = Recurrent.Run(Gru, Input).Outputs;
        Expect.Close(outputs[.., 1], Gru.Call(outputs[.., 0], Input[.., 1]), 1e-14);
    }

    [Fact]
    public void A_created_lstm_remembers_at_first()
    {
        var cell = LstmCell.Create(Key.Of(1), 3, 4, ElementType.Float64);
        Assert.Equal([.. new double[4], 1.0, 1, 1, 1, .. new double[8]], cell.Bias.ToDoubles());
        var forget = cell.Recurrent[.., 4..8];
        Expect.Close(Tensor.Eye(4, ElementType.Float64), forget.T.Dot(forget), 1e-14);
    }

    [Fact]
    public void A_mask_of_another_shape_is_refused()
    {
        var error = Assert.Throws<ShapeException>(() => Recurrent.Run(Gru, Input, mask: Tensor.Ones([Batch, 4], ElementType.Bool)));
        Assert.Equal("recurrent: the mask bool[3, 4] does not fit f64[3, 5, 2]: it must be bool[3, 5].", error.Message);
    }

    private static void Check<TCell, TState>(TCell cell, Step step, bool isMasked, bool isReverse, TState? _ = default)
        where TCell : IRecurrentCell<TState>, ITree<TCell>
        where TState : class, ITree<TState>
    {
        var mask = isMasked ? SequenceMask.OfLengths(Lengths, Time) : null;
        var input = Elements(Input);
        var lengths = isMasked ? Lengths.ToDoubles() : [Time, Time, Time];
        var outputs = new double[Batch, Time, Hidden];
        for (var b = 0; b < Batch; b++)
        {
            var (hidden, memory) = (new double[Hidden], new double[Hidden]);
            for (var n = 0; n < Time; n++)
            {
                var t = isReverse ? Time - 1 - n : n;
                if (t >= lengths[b]) continue;
                (hidden, memory) = step(hidden, memory, [.. Enumerable.Range(0, Inputs).Select(i => input([b, t, i]))]);
                for (var j = 0; j < Hidden; j++) outputs[b, t, j] = hidden[j];
            }
        }
        Agree(Fill([Batch, Time, Hidden], at => outputs[at[0], at[1], at[2]]), cell, Input, (m, x) => Recurrent.Run<TState>(m, x, mask: mask, isReverse: isReverse).Outputs);
    }

    private static void Check(RecurrentCell cell, Step step, bool isMasked, bool isReverse) => Check<RecurrentCell, Tensor>(cell, step, isMasked, isReverse);

    private static void Check(GruCell cell, Step step, bool isMasked, bool isReverse) => Check<GruCell, Tensor>(cell, step, isMasked, isReverse);

    private static void Check(LstmCell cell, Step step, bool isMasked, bool isReverse) => Check<LstmCell, LstmState>(cell, step, isMasked, isReverse);

    private static Step PlainStep(Func<double, double> activation) => (h, _, x) =>
    {
        double[] next = [.. Enumerable.Range(0, Hidden).Select(j =>
            activation(Affine(x, Plain.Weight, j) + Affine(h, Plain.Recurrent, j) + Elements(Plain.Bias)([j])))];
        return (next, next);
    };

    private static double Affine(double[] x, Tensor weight, int column) => x.Select((value, i) => value * Elements(weight)([i, column])).Sum();

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
