using Paramorph.Data;

namespace Paramorph.Tests.Data;

public sealed class TeacherNetworkTests
{
    [Fact]
    public void Examples_are_what_the_teacher_says()
    {
        var teacher = TeacherNetwork.Of(Key.Of(1), 5, 7, 2);
        var data = teacher.Examples(Key.Of(2), 10);
        var (x, w, v) = (data.Inputs.ToDoubles(), teacher.Hidden.ToDoubles(), teacher.Output.ToDoubles());
        double Said(int n, int o) => Enumerable.Range(0, 7)
            .Sum(h => Math.Tanh(Enumerable.Range(0, 5).Sum(i => x[n * 5 + i] * w[i * 7 + h]) / Math.Sqrt(5)) * v[h * 2 + o]) / Math.Sqrt(7);
        Expect.Close(Tensor.From<float>([.. Enumerable.Range(0, 20).Select(k => (float)Said(k / 2, k % 2))], [10, 2]), data.Targets, 1e-6);
    }

    [Fact]
    public void Noise_has_its_deviation_and_nothing_to_do_with_the_inputs()
    {
        var teacher = TeacherNetwork.Of(Key.Of(3), 3, 4);
        var (clean, noisy) = (teacher.Examples(Key.Of(4), 2000), teacher.Examples(Key.Of(4), 2000, noise: 0.1));
        Assert.Equal(clean.Inputs.ToArray<float>(), noisy.Inputs.ToArray<float>());
        Assert.InRange(Math.Sqrt((noisy.Targets - clean.Targets).Evaluate().ToDoubles().Average(e => e * e)), 0.095, 0.105);
    }
}
