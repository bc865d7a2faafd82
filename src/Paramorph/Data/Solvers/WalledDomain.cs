namespace Paramorph.Data.Solvers;

/// <summary>A square with walls in which Poisson's equation is solved, its edge held at zero, and two right-hand sides.</summary>
/// <param name="IsFree">1 outside of walls, 0 in them: f32 [rows, columns].</param>
/// <param name="Matrix">Its matrix.</param>
/// <param name="Noise">A right-hand side of normal numbers: f64 [rows, columns].</param>
/// <param name="Smooth">One of long waves, 0 in walls: f64 [rows, columns].</param>
public sealed record WalledDomain(Tensor IsFree, FivePointMatrix Matrix, Tensor Noise, Tensor Smooth)
{
    /// <summary>A domain with walls drawn on a grid, whose cells are then each divided along both sides, so that walls stay the same on every grid.</summary>
    /// <param name="key">The key.</param>
    /// <param name="side">Cells along a side of the grid on which walls are drawn.</param>
    /// <param name="obstacles">How many obstacles, see <see cref="Poisson.RandomObstacles"/>.</param>
    /// <param name="parts">Into how many parts each side of a cell is divided.</param>
    public static WalledDomain Draw(Key key, int side, int obstacles, int parts = 1)
    {
        var keys = key.Split(3);
        var isFree = Poisson.RandomObstacles(keys[0], side, side, obstacles).Repeat(parts, 0).Repeat(parts, 1).Evaluate();
        var waves = new GaussianRandomField(2, 3).ZeroSlope(keys[2], 1, isFree.Shape)[0];
        return new(
            isFree.AsType(ElementType.Float32).Evaluate(), Poisson.Matrix(isFree, EdgeCondition.Dirichlet, EdgeCondition.Neumann),
            Poisson.RandomRightHandSides(keys[1], isFree, 1)[0].Evaluate(), Tensor.Where(isFree, waves, 0.0).Evaluate());
    }
}
