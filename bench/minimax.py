"""Minimax polynomials of the vector functions, by the Remez exchange algorithm in 60-digit arithmetic.

Each fit makes max |weight(x) (p(x) - f(x))| least over [a, b]; the coefficients printed (lowest degree first) are those of
src/Paramorph.Engine/Cpu/VectorMath. Needs mpmath. Usage: python3 minimax.py [name prefix]
"""
import struct
import sys

from mpmath import acos, asin, atan, cos, cosh, erf, erfc, erfinv, exp, expm1, findroot, log, log1p, matrix, lu_solve, mp, mpf, pi, quad, sin, sinh, sqrt, tan, taylor

mp.dps = 60


def remez(f, weight, a, b, degree, rounds=25):
    """Coefficients of the weighted minimax polynomial and its largest weighted error."""
    n = degree + 2
    a, b = mpf(a), mpf(b)
    nodes = [(a + b) / 2 - (b - a) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)]
    grid_size = 24 * n
    grid = [(a + b) / 2 - (b - a) / 2 * cos(pi * mpf(k) / grid_size) for k in range(grid_size + 1)]
    f_grid = [f(x) for x in grid]
    w_grid = [weight(x) for x in grid]
    for _ in range(rounds):
        system = matrix(n, n)
        right = matrix(n, 1)
        for row, x in enumerate(nodes):
            for column in range(n - 1):
                system[row, column] = x ** column
            system[row, n - 1] = (-1) ** row / weight(x)
            right[row] = f(x)
        solution = lu_solve(system, right)
        coefficients = [solution[k] for k in range(n - 1)]

        def error(x):
            return weight(x) * (horner(coefficients, x) - f(x))

        errors = [w * (horner(coefficients, x) - y) for x, y, w in zip(grid, f_grid, w_grid)]
        extrema = []
        for k, value in enumerate(errors):
            left = errors[k - 1] if k else None
            if extrema and (errors[extrema[-1]] > 0) == (value > 0):
                if abs(value) > abs(errors[extrema[-1]]):
                    extrema[-1] = k
            else:
                extrema.append(k)
        while len(extrema) > n:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < n:
            break
        new_nodes = [refine(error, grid, k) for k in extrema]
        largest = max(abs(error(x)) for x in new_nodes)
        smallest = min(abs(error(x)) for x in new_nodes)
        nodes = new_nodes
        if largest - smallest < largest * mpf("1e-3"):
            break
    return coefficients, max(abs(e) for e in errors)


def refine(error, grid, k):
    """The extremum near grid point k, by one parabola through its neighbours."""
    if k == 0 or k == len(grid) - 1:
        return grid[k]
    x0, x1, x2 = grid[k - 1], grid[k], grid[k + 1]
    y0, y1, y2 = error(x0), error(x1), error(x2)
    numerator = (x1 - x0) ** 2 * (y1 - y2) - (x1 - x2) ** 2 * (y1 - y0)
    denominator = (x1 - x0) * (y1 - y2) - (x1 - x2) * (y1 - y0)
    x = x1 - numerator / (2 * denominator) if denominator else x1
    return x if x0 < x < x2 and abs(error(x)) >= abs(y1) else x1


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def at(x, g, series, order=24):
    """g(x), or its Taylor series where g loses digits near zero."""
    return g(x) if abs(x) > mpf("1e-3") else horner(series, x)


LN2H = log(2) / 2 * mpf("1.0005")
SQRT_HALF, SQRT_TWO = sqrt(mpf(1) / 2), sqrt(mpf(2))


def series(g_terms):
    return [mpf(c) for c in g_terms]


def fact(n):
    return mp.factorial(n)


# f(x) as written by its user, with the Taylor series at 0 where the closed form cancels
exp_q = lambda x: at(x, lambda r: (expm1(r) - r) / r ** 2, [1 / fact(k + 2) for k in range(24)])
log_p = lambda x: at(x, lambda f: (log1p(f) - f + f * f / 2) / f ** 3, [mpf((-1) ** k) / (k + 3) for k in range(24)])
atanh_p = lambda z: at(z, lambda z: (mp.atanh(sqrt(z)) / sqrt(z) - 1) * 2 / z, [mpf(2) / (2 * k + 3) for k in range(24)])
atanh_q = lambda z: at(z, lambda z: ((mp.atanh(sqrt(z)) / sqrt(z) - 1) * 2 / z - mpf(2) / 3) / z, [mpf(2) / (2 * k + 5) for k in range(24)])
sin_s = lambda z: at(z, lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, [mpf((-1) ** (k + 1)) / fact(2 * k + 3) for k in range(24)])
cos_c = lambda z: at(z, lambda z: (cos(sqrt(z)) - 1 + z / 2) / z ** 2, [mpf((-1) ** k) / fact(2 * k + 4) for k in range(24)])
sinh_s = lambda z: at(z, lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, [mpf(1) / fact(2 * k + 3) for k in range(24)])
asin_r = lambda z: at(z, lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z,
                      [fact(2 * k + 2) / (mpf(4) ** (k + 1) * fact(k + 1) ** 2 * (2 * k + 3)) for k in range(24)])
atan_t = lambda z: at(z, lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, [mpf((-1) ** (k + 1)) / (2 * k + 3) for k in range(24)])
erf_p = lambda z: at(z, lambda z: erf(sqrt(z)) / sqrt(z), [2 / sqrt(pi) * (-1) ** k / (fact(k) * (2 * k + 1)) for k in range(24)])
log_erfc = lambda x: log(erfc(x))


def erfcx_of(q, scale):
    x = scale * (1 + q) / (1 - q)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def erfinv_of(w):
    """erfinv(x) / x where w = -log(1 - x^2)."""
    x = sqrt(-expm1(-w))
    return erfinv(x) / x if x else sqrt(pi) / 2


Z45 = (pi / 4 * mpf("1.0005")) ** 2
FITS = {
    # e^r = 1 + r + r^2 q(r), |r| <= ln2 / 2, error relative to r
    "exp32": (exp_q, lambda r: abs(r) + mpf("1e-9"), -LN2H, LN2H, 4),
    "exp64": (exp_q, lambda r: abs(r) + mpf("1e-9"), -LN2H, LN2H, 9),
    # log(1 + f) = f - f^2 / 2 + f^3 p(f), error relative to log(1 + f) ~ f
    "log32": (log_p, lambda f: f * f + mpf("1e-9"), SQRT_HALF - 1, SQRT_TWO - 1, 7),
    "log32b": (log_p, lambda f: f * f + mpf("1e-9"), SQRT_HALF - 1, SQRT_TWO - 1, 8),
    # log((1 + s) / (1 - s)) = 2 s + s^3 p(s^2)
    "log64": (atanh_p, lambda z: z + mpf("1e-9"), 0, mpf("0.02945"), 6),
    # ... = 2 s + s^3 (2/3 + s^2 q(s^2))
    "power64": (atanh_q, lambda z: z * z + mpf("1e-9"), 0, mpf("0.02945"), 6),
    "power64b": (atanh_q, lambda z: z * z + mpf("1e-9"), 0, mpf("0.02945"), 7),
    # sin r = r + r^3 s(r^2), cos r = 1 - r^2/2 + r^4 c(r^2), |r| <= pi/4
    "sin32": (sin_s, lambda z: z + mpf("1e-9"), 0, Z45, 2),
    "sin32b": (sin_s, lambda z: z + mpf("1e-9"), 0, Z45, 3),
    "cos32": (cos_c, lambda z: z * z + mpf("1e-9"), 0, Z45, 2),
    "sin64": (sin_s, lambda z: z + mpf("1e-9"), 0, Z45, 5),
    "sin64b": (sin_s, lambda z: z + mpf("1e-9"), 0, Z45, 6),
    "cos64": (cos_c, lambda z: z * z + mpf("1e-9"), 0, Z45, 5),
    # sinh x = x + x^3 s(x^2), |x| <= 1
    "sinh32": (sinh_s, lambda z: z + mpf("1e-9"), 0, 1, 2),
    "sinh32b": (sinh_s, lambda z: z + mpf("1e-9"), 0, 1, 3),
    "sinh64": (sinh_s, lambda z: z + mpf("1e-9"), 0, 1, 6),
    "sinh64b": (sinh_s, lambda z: z + mpf("1e-9"), 0, 1, 7),
    # asin x = x + x^3 r(x^2), |x| <= 1/2
    "asin32": (asin_r, lambda z: z + mpf("1e-9"), 0, mpf(1) / 4, 4),
    "asin64": (asin_r, lambda z: z + mpf("1e-9"), 0, mpf(1) / 4, 11),
    # atan x = x + x^3 t(x^2), |x| <= 1
    "atan32": (atan_t, lambda z: z + mpf("1e-9"), 0, 1, 7),
    "atan32b": (atan_t, lambda z: z + mpf("1e-9"), 0, 1, 8),
    "atan64": (atan_t, lambda z: z + mpf("1e-9"), 0, 1, 18),
    "atan64b": (atan_t, lambda z: z + mpf("1e-9"), 0, 1, 19),
    # erf x = x p(x^2), |x| <= 1; the code takes one off the first coefficient and adds x
    "erf32": (erf_p, lambda z: mpf(1), 0, 1, 6),
    "erf64": (erf_p, lambda z: mpf(1), 0, 1, 12),
    "erf64b": (erf_p, lambda z: mpf(1), 0, 1, 13),
    # erf x = 1 - exp(p(x)), x >= 1, error relative to erf x
    "erftail32": (log_erfc, lambda x: erfc(x), 1, 4, 7),
    "erftail32b": (log_erfc, lambda x: erfc(x), 1, 4, 8),
    "erftail64": (log_erfc, lambda x: erfc(x), 1, 6, 18),
    "erftail64b": (log_erfc, lambda x: erfc(x), 1, 6, 20),
    # erf x = x p(x^2), |x| <= 0.48
    "erfcsmall32": (erf_p, lambda z: mpf(1), 0, mpf("0.23"), 4),
    # erfc x = exp(-x^2) p(q) / (1 + 2 x), q = (x - 2) / (x + 2), 0.45 <= x <= 10.5
    "erfc32": (lambda q: erfcx_of(q, 2), lambda q: 1 / erfcx_of(q, 2), mpf("-1.55") / mpf("2.45"), mpf("8.5") / mpf("12.5"), 8),
    # erfc x = exp(-x^2) p(q) / (1 + 2 x), q = (x - 4) / (x + 4), 0.4 <= x <= 28
    "erfc64": (lambda q: erfcx_of(q, 4), lambda q: mpf(1), (mpf("0.4") - 4) / mpf("4.4"), mpf(24) / 32, 20),
    "erfc64b": (lambda q: erfcx_of(q, 4), lambda q: mpf(1), (mpf("0.4") - 4) / mpf("4.4"), mpf(24) / 32, 22),
    # erfinv x = x p(w - 2.5), w = -log(1 - x^2) up to 5, and x q(sqrt(w) - 3) above, up to the last number before 1
    "erfinv32": (lambda t: erfinv_of(t + mpf("2.5")), lambda t: 1 / erfinv_of(t + mpf("2.5")), mpf("-2.5"), mpf("2.5"), 8),
    "erfinvtail32": (lambda t: erfinv_of((t + 3) ** 2), lambda t: 1 / erfinv_of((t + 3) ** 2), mpf("-0.765"), mpf("1.0"), 8),
}


def as_float(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def main():
    prefix = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, (f, weight, a, b, degree) in FITS.items():
        if not name.startswith(prefix):
            continue
        coefficients, error = remez(f, weight, a, b, degree)
        print(f"{name}: degree {degree}, error 2^{float(log(error, 2)):.1f}")
        single = "32" in name
        for c in coefficients:
            print("   ", repr(as_float(c)) + "  (f32)" if single else repr(float(c)))
        sys.stdout.flush()
    if "constants".startswith(prefix) or not prefix:
        two_over_pi_bits = int(mp.floor(0))
        mp.dps = 600
        value = int(mp.floor(2 / pi * mpf(2) ** 1280))
        words = [(value >> (64 * (19 - k))) & 0xFFFFFFFFFFFFFFFF for k in range(20)]
        print("2/pi:", ", ".join(f"0x{w:016X}" for w in words))


if __name__ == "__main__":
    main()
