using Paramorph.Dynamics;

namespace Paramorph.Tests.Dynamics;

public sealed class BoundaryTurnsTests
{
    [Fact]
    public void Angles_of_the_plane_are_in_degrees()
    {
        double[] angles = [0, 1e-4, 30, 90, 180];
        Tensor Directions(double turn) => Tensor.Stack([
            Tensor.From<double>([.. angles.Select(angle => Math.Cos((20 + turn * angle) * Math.PI / 180))]), Tensor.From<double>([.. angles.Select(angle => Math.Sin((20 + turn * angle) * Math.PI / 180))])]);
        Numbers.Close(angles, BoundaryTurns.Degrees(Directions(0), Directions(1)).ToDoubles(), 1e-6);
    }
}
