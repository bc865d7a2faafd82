using Paramorph.Data.Solvers;
using Paramorph.Fitting;
using Paramorph.Layers;
using Paramorph.Methods;
using Paramorph.Physics;
using Paramorph.Problems;
using Paramorph.Tests.Formats;

namespace Paramorph.Tests.Problems;

public sealed class DifferentialEquationTests
{
    private static readonly Tensor points = Tensor.Concatenate([Sample.Uniform(Key.Of(1), [50, 1], -1.0, 1.0, ElementType.Float64), Sample.Uniform(Key.Of(2), [50, 1], 0.1, 1.0, ElementType.Float64)], 1).Evaluate();

    [Fact]
    public void A_travelling_wave_leaves_no_residual_of_Burgers_equation()
    {
        // u = c - a tanh(a (x - c t) / (2 nu)) solves u_t + u u_x = nu u_xx.
        const double Speed = 0.3, Height = 0.5, Viscosity = 0.05;
        var residual = Equations.Burgers(Viscosity).Residuals(p => Speed - Height * Tensor.Tanh(Height * (p[.., ..1] - Speed * p[.., 1..]) / (2 * Viscosity)), points);
        Assert.True(Tensor.Abs(residual).Max().Item() < 1e-12);
    }

    [Fact]
    public void A_front_leaves_no_residual_of_the_Allen_Cahn_equation()
    {
        // tanh(x sqrt(5 / (2 d))) stands still.
        const double Diffusion = 0.02;
        var residual = Equations.AllenCahn(Diffusion).Residuals(p => Tensor.Tanh(p[.., ..1] * Math.Sqrt(5 / (2 * Diffusion))), points);
        Assert.True(Tensor.Abs(residual).Max().Item() < 1e-12);
    }

    [Theory]
    [InlineData(4, 1, 1.0)]
    [InlineData(2, 3, 5.0)]
    public void The_solution_of_Helmholtz_equation_leaves_no_residual_no_loss_and_no_error(int a, int b, double waveNumber)
    {
        var equation = Equations.Helmholtz(a, b, waveNumber);
        Tensor Solution(Tensor at) => Tensor.Sin(a * Math.PI * at[.., ..1]) * Tensor.Sin(b * Math.PI * at[.., 1..]);
        Assert.True(Tensor.Abs(equation.Residuals(Solution, points)).Max().Item() < 1e-12);
        Assert.True(equation.Loss(Solution, Key.Of(2), 40, ElementType.Float64).Item() < 1e-24);
        Assert.True(equation.RelativeError(Solution) < 1e-12);
        // 1/2 more leaves a quarter on the edges, and k^2 / 2 over the scale inside.
        var loss = equation.Loss(at => Solution(at) + 0.5, Key.Of(2), 40, ElementType.Float64).Item();
        Assert.Equal(0.25 + Math.Pow(0.5 * waveNumber * waveNumber / ((a * a + b * b) * Math.PI * Math.PI), 2), loss, 10);
    }

    [Fact]
    public void Swinging_strings_waves_and_reactions_are_solved_by_their_references()
    {
        // Finite differences of the reference on its own grid, which is independent of how residuals are computed.
        var wave = Equations.Wave();
        var u = wave.Reference!.Values.Reshape(101, 101);
        var (dtt, dxx) = ((u[2.., 50] - 2.0 * u[1..^1, 50] + u[..^2, 50]) * 1e4, (u[1..^1, 51] - 2.0 * u[1..^1, 50] + u[1..^1, 49]) * 1e4);
        Assert.True(Tensor.Abs(dtt - 4.0 * dxx).Max().Item() < 0.05 * Tensor.Abs(dtt).Max().Item());
        Assert.Equal(0, Tensor.Abs(Equations.Convection(2).Reference!.Values - Tensor.Sin(Equations.Convection(2).Reference!.Points[.., ..1] - 2.0 * Equations.Convection(2).Reference!.Points[.., 1..])).Max().Item(), 12);
        var reaction = Equations.Reaction().Reference!;
        Assert.Equal(new LogisticReaction(x => Math.Exp(-Math.Pow((x - Math.PI) / (Math.PI / 4), 2) / 2), 5).At(2, 0.5), At(reaction, 2, 0.5), 2);
    }

    [Fact]
    public void References_start_where_the_equation_starts()
    {
        foreach (var equation in (DifferentialEquation[])[Equations.Burgers(), Equations.AllenCahn(), Equations.Wave(), Equations.Reaction(), Equations.Convection()])
            Assert.Null(equation.Contradiction(equation.Reference!, 1e-9));
    }

    [Fact]
    public void The_torsion_of_an_L_is_that_of_finite_differences()
    {
        // -Laplacian u = 1 by the five-point formula on two grids; its error falls with h^(4/3) at the inner corner.
        var (coarse, fine) = (Relaxed(16), Relaxed(32));
        var extrapolated = fine + (fine - coarse) / (Math.Pow(2, 4.0 / 3) - 1);
        Assert.True(LShape.Solution.EdgeError < 1e-6, $"{LShape.Solution.EdgeError}");
        Assert.Equal(extrapolated, LShape.Solution.At(-0.5, 0.5), 4);
    }

    [Fact]
    public void Any_network_meets_the_conditions_that_are_built_in()
    {
        var equation = Equations.Wave();
        var field = equation.Field(Mlp.Create(Key.Of(3), [2, 8, 1], Activation.Tanh, type: ElementType.Float64));
        Assert.Empty(equation.LeftConditions);
        var s = Tensor.Linspace(0, 1, 21, ElementType.Float64).ExpandDims(1);
        var zero = Tensor.ZerosLike(s);
        Close(Tensor.Sin(Math.PI * s) + 0.5 * Tensor.Sin(4 * Math.PI * s), field(Tensor.Concatenate([s, zero], 1)));
        Close(zero, field(Tensor.Concatenate([zero, s], 1)));
        Close(zero, field(Tensor.Concatenate([zero + 1.0, s], 1)));
        Close(zero, Jet.Of(field, Tensor.Concatenate([s, zero], 1))["t"]);
    }

    [Fact]
    public void Values_between_sides_are_blended_and_contradictions_left_to_the_loss()
    {
        static Tensor Corner(Coordinates at) => at["x"] * at["y"] + 2.0 * at["x"] + 3.0;
        Axis[] axes = [new("x", 0, 2), new("y", 0, 1)];
        SideCondition[] agreeing = [SideCondition.Edge("x", Side.Low, Corner), SideCondition.Edge("x", Side.High, Corner), SideCondition.Edge("y", Side.Low, Corner)];
        var equation = new DifferentialEquation(axes, u => u["x", "x"], agreeing) { Name = "own" };
        var zero = equation.Field(Mlp.Create(Key.Of(3), [2, 1], Activation.Tanh, Initialiser.Zeros, type: ElementType.Float64));
        var inside = equation.Inside(Key.Of(4), 20);
        Close(Corner(new(inside, axes)), zero(inside));
        var cavity = Equations.Cavity();
        Assert.All(cavity.LeftConditions, condition => Assert.Null(condition.Component));
        Assert.Equal(2, cavity.LeftConditions.Count);
        Assert.Single(Equations.AllenCahn().LeftConditions);
    }

    [Fact]
    public void The_slope_of_a_start_whose_end_is_given_by_its_name_is_left_to_the_loss()
    {
        SideCondition[] conditions = [SideCondition.Start(at => at.Zero + 1.0), SideCondition.StartSlope(at => at.Zero), SideCondition.Edge("t", Side.High, at => at.Zero)];
        var equation = new DifferentialEquation([new("t", 0, Math.PI / 2) { IsTime = true }], u => u["t", "t"] + u.U, conditions) { Name = "own" };
        Assert.True(Assert.Single(equation.LeftConditions).IsSlope);
    }

    [Fact]
    public void The_residual_that_judges_is_of_other_points_than_the_one_that_chooses()
    {
        var equation = new DifferentialEquation([new("x", 0, 1)], u => u["x", "x"] + u.At["x"], SideCondition.ZeroAtEnds("x")) { Name = "own" };
        var network = Mlp.Create(Key.Of(3), [1, 4, 1], Activation.Tanh, Initialiser.GlorotNormal, type: ElementType.Float64);
        var (chosen, judged) = (equation.Validate(network).Single().Value, equation.Test(network).Single().Value);
        Assert.NotEqual(chosen, judged);
        Assert.Equal(chosen, judged, 0.1 * chosen);
    }

    [Fact]
    public void No_point_is_drawn_in_a_hole_and_its_walls_are_a_part_of_the_loss()
    {
        var equation = Equations.PoissonOnL();
        var points = equation.Draw(Key.Of(1), 500, 40);
        Assert.DoesNotContain(points.Inside.ToDoubles().Chunk(2), point => point[0] > 0 && point[1] < 0);
        Assert.All(points.OnSides[0].ToDoubles().Chunk(2), point => Assert.True((point[0] == 0 && point[1] <= 0) || (point[1] == 0 && point[0] >= 0)));
        // u = 2 leaves the residual -1, and 4 on the walls.
        Assert.Equal(1 + equation.Hole!.Weight * 4, equation.Loss(at => Tensor.OnesLike(at[.., ..1]) * 2.0, points).Item(), 9);
    }

    [Fact]
    public void An_equation_of_ones_own_is_solved_saved_and_loaded()
    {
        // u'' = -pi^2 sin(pi x) with u(0) = u(1) = 0: u = sin(pi x).
        var equation = new DifferentialEquation([new("x", 0, 1)], u => u["x", "x"] + Math.PI * Math.PI * Tensor.Sin(Math.PI * u.At["x"]), SideCondition.ZeroAtEnds("x")) { Name = "own" };
        var folder = Path.Combine(Path.GetTempPath(), $"equation-{Guid.NewGuid():N}");
        var result = Fit.Run(equation, new FitOptions
        {
            Methods = [PhysicsInformedNetworks.Newton],
            Fixed = new Dictionary<string, string> { ["width"] = "8", ["depth"] = "2", ["points"] = "100", ["steps"] = "50", ["iterations"] = "150" },
            Out = folder,
        });
        try
        {
            var at = Tensor.Linspace(0, 1, 33, ElementType.Float64).ExpandDims(1);
            var error = Tensor.Abs(result.Model.Predict(at.Evaluate()) - Tensor.Sin(Math.PI * at)).Max().Item();
            Assert.True(error < 1e-4, $"{error}");
            Assert.Equal(result.Model.Predict(at.Evaluate()).ToDoubles(), Model.Load(folder, preparation: equation.Preparation).Predict(at.Evaluate()).ToDoubles());
            Assert.Contains("give its preparation", Assert.Throws<ProblemException>(() => Model.Load(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("usol", 1.0, 0.0, null)]
    [InlineData("usol", 1.0, 0.1, "differs from what is known there")]
    [InlineData("usol", 2.0, 0.0, "its x goes from")]
    [InlineData("other", 1.0, 0.0, "names no equation")]
    public void A_file_with_a_reference_is_checked(string variable, double stretched, double shifted, string? complaint)
    {
        double[] x = [.. Enumerable.Range(0, 65).Select(i => -1 + i / 32.0)], t = [.. Enumerable.Range(0, 11).Select(i => i / 10.0)];
        var content = new DataContent.OfArrays("solution.npz", new Dictionary<string, Tensor>
        {
            ["x"] = (stretched * Tensor.From(x)).Evaluate(),
            ["t"] = Tensor.From(t),
            [variable] = (ColeHopf.Shock.At(x, t).T + shifted).Evaluate(),
        });
        if (complaint is null)
        {
            var read = (DifferentialEquation)DifferentialEquation.OfKind.Read(content, new());
            Assert.Equal("burgers", read.Name);
            Assert.Contains(read.Understood, note => note.Contains("differs by", StringComparison.Ordinal));
        }
        else
        {
            Assert.Contains(complaint, Assert.Throws<ProblemException>(() => DifferentialEquation.OfKind.Read(content, new())).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_complex_solution_and_one_of_another_viscosity_are_refused()
    {
        double[] x = [.. Enumerable.Range(0, 33).Select(i => -1 + i / 16.0)], t = [0, 0.5, 1];
        DataContent Content(Tensor u) => new DataContent.OfArrays("solution.mat", new Dictionary<string, Tensor> { ["x"] = Tensor.From(x), ["t"] = Tensor.From(t), ["usol"] = u });
        string Message(DataContent content, ProblemOptions options) => Assert.Throws<ProblemException>(() => DifferentialEquation.OfKind.Read(content, options)).Message;
        var right = ColeHopf.Shock.At(x, t).T.Evaluate();
        Assert.Contains("complex numbers", Message(Content(Tensor.Complex(right, right).Evaluate()), new()), StringComparison.Ordinal);
        Assert.Contains("say another with --set", Message(Content(right), new() { Settings = new Dictionary<string, string> { ["viscosity"] = "0.1" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_equation_is_where_it_holds_and_what_is_known_are_said()
    {
        var notes = DifferentialEquation.OfKind.Read(new DataContent.OfName("wave"), new() { Settings = new Dictionary<string, string> { ["speed"] = "3" } }).Understood;
        Assert.StartsWith("wave: A string that swings in two modes", notes[0], StringComparison.Ordinal);
        Assert.Contains("speed is 3 (--set speed=NUMBER takes another)", notes);
        Assert.Contains("u as a function of x from 0 to 1, t from 0 to 1", notes);
        Assert.Contains(notes, note => note.StartsWith("known on sides: u at t = 0, u_t at t = 0, u at x = 0, u at x = 1", StringComparison.Ordinal));
        Assert.Contains("a solution that is known judges, and takes no part in training", notes);
    }

    [SharedDataFact("ldc_Re400.mat")]
    public void A_solution_for_another_number_than_was_said_is_refused()
    {
        var content = DataContent.Read(SharedData.Path("ldc_Re400.mat")!);
        ProblemOptions With(string reynolds) => new() { Settings = new Dictionary<string, string> { ["reynolds"] = reynolds } };
        Assert.Contains("holds a solution for reynolds 400, which cannot judge one for reynolds 100", Assert.Throws<ProblemException>(() => DifferentialEquation.OfKind.Read(content, With("100"))).Message, StringComparison.Ordinal);
        Assert.Equal(400, ((DifferentialEquation)DifferentialEquation.OfKind.Read(content, With("400"))).Settings["reynolds"]);
    }

    private static double At(ReferenceSolution known, double x, double t)
    {
        var rows = known.Points.ToDoubles().Chunk(2).Select((row, i) => (Distance: Math.Abs(row[0] - x) + Math.Abs(row[1] - t), i));
        return known.Values.ToDoubles()[rows.MinBy(pair => pair.Distance).i];
    }

    /// <summary>u(-1/2, 1/2) by the five-point formula with n cells to the unit, relaxed until nothing moves.</summary>
    private static double Relaxed(int n)
    {
        var (size, u) = (2 * n, new double[2 * n + 1, 2 * n + 1]);
        var (omega, change) = (2 / (1 + Math.Sin(Math.PI / size)), 1.0);
        while (change > 1e-12)
        {
            change = 0;
            for (var i = 1; i < size; i++)
                for (var j = 1; j < size; j++)
                {
                    if (i >= n && j <= n) continue;
                    var step = omega * ((u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] + 1.0 / (n * n)) / 4 - u[i, j]);
                    (u[i, j], change) = (u[i, j] + step, Math.Max(change, Math.Abs(step)));
                }
        }
        return u[n / 2, 3 * n / 2];
    }

    private static void Close(Tensor expected, Tensor actual) => Numbers.Close(expected.ToDoubles(), actual.ToDoubles(), 1e-10);
}
