namespace Paramorph.Data.Solvers;

/// <summary>Right-hand sides of well-known ordinary differential equations.</summary>
public static class DynamicalSystems
{
    /// <summary>The convection of Lorenz (1963): x' = s (y - x), y' = x (r - z) - y, z' = x y - b z; chaotic at the defaults.</summary>
    public static OdeFunction Lorenz(double s = 10, double r = 28, double b = 8.0 / 3) => (_, y, rate) =>
        (rate[0], rate[1], rate[2]) = (s * (y[1] - y[0]), y[0] * (r - y[2]) - y[1], y[0] * y[1] - b * y[2]);

    /// <summary>A pendulum: angle' = velocity, velocity' = -stiffness sin(angle) - damping velocity.</summary>
    /// <param name="stiffness">Gravity over length.</param>
    /// <param name="damping">0 for one that never stops.</param>
    public static OdeFunction Pendulum(double stiffness = 1, double damping = 0) => (_, y, rate) =>
        (rate[0], rate[1]) = (y[1], -stiffness * Math.Sin(y[0]) - damping * y[1]);

    /// <summary>Prey and predators of Lotka and Volterra: x' = a x - b x y, y' = d x y - c y.</summary>
    public static OdeFunction LotkaVolterra(double a = 1.5, double b = 1, double c = 3, double d = 1) => (_, y, rate) =>
        (rate[0], rate[1]) = (a * y[0] - b * y[0] * y[1], d * y[0] * y[1] - c * y[1]);

    /// <summary>The oscillator of van der Pol: x' = v, v' = mu (1 - x^2) v - x; stiff for large mu.</summary>
    public static OdeFunction VanDerPol(double mu = 1) => (_, y, rate) => (rate[0], rate[1]) = (y[1], mu * (1 - y[0] * y[0]) * y[1] - y[0]);
}
