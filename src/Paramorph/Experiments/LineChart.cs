using System.Globalization;
using System.Net;
using System.Text;

namespace Paramorph.Experiments;

/// <summary>Curves or points as a drawing in SVG, one colour a name; the vertical axis of curves is logarithmic where all values are positive and range over more than a factor of 20.</summary>
public static class LineChart
{
    private const double Width = 720, Height = 420, Left = 70, Right = 160, Top = 40, Bottom = 50;

    /// <summary>Up to so many points are drawn large.</summary>
    private const int Few = 50;

    /// <summary>Draws curves.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="curves">Names and points; curves of the same name have the same colour.</param>
    /// <param name="horizontal">What the horizontal axis is, with its unit.</param>
    /// <param name="vertical">What the vertical axis is, with its unit.</param>
    public static string Draw(string title, IReadOnlyList<(string Name, IReadOnlyList<ChartPoint> Points)> curves, string horizontal = "", string vertical = "") =>
        Draw(title, curves, (svg, x, y) => Lines(svg, curves, x, y), areAxesAlike: false, horizontal, vertical);

    /// <summary>Draws points on axes of one range, and the line on which both coordinates are equal.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="points">Names and points.</param>
    /// <param name="horizontal">What the horizontal axis is, with its unit.</param>
    /// <param name="vertical">What the vertical axis is, with its unit.</param>
    public static string Scatter(string title, IReadOnlyList<(string Name, IReadOnlyList<ChartPoint> Points)> points, string horizontal = "", string vertical = "") => Draw(title, points, (svg, x, y) =>
    {
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{Height - Bottom}\" x2=\"{Width - Right}\" y2=\"{Top}\" stroke=\"#999999\"/>\n");
        var radius = points.Sum(group => group.Points.Count) > Few ? 2.5 : 4.5;
        foreach (var (group, i) in points.Select((group, i) => (group, i)))
            foreach (var point in group.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)))
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x.Place(point.X):0.#}\" cy=\"{y.Place(point.Y):0.#}\" r=\"{radius}\" fill=\"{ColourOf(i)}\" fill-opacity=\"0.6\"/>\n");
        Legend(svg, [.. points.Select(group => group.Name)]);
    }, areAxesAlike: true, horizontal, vertical);

    private static string Draw(
        string title, IReadOnlyList<(string Name, IReadOnlyList<ChartPoint> Points)> curves, Action<StringBuilder, Axis, Axis> draw, bool areAxesAlike, string horizontal, string vertical)
    {
        var points = curves.SelectMany(curve => curve.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToArray();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n<text x=\"{Left}\" y=\"22\" font-size=\"{TitleSize(title):0.#}\">{WebUtility.HtmlEncode(title)}</text>\n");
        if (points.Length > 0)
        {
            var (first, last) = (points.Min(point => point.X), points.Max(point => point.X));
            var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
            if (areAxesAlike) (first, last, low, high) = (Math.Min(first, low), Math.Max(last, high), Math.Min(first, low), Math.Max(last, high));
            var x = new Axis(first, last, logarithmic: false, Left, Width - Right);
            var y = new Axis(low, high, logarithmic: !areAxesAlike && low > 0 && high > 20 * low, Height - Bottom, Top);
            Grid(svg, x, y);
            Titles(svg, horizontal, vertical);
            draw(svg, x, y);
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The size at which a title ends before the right edge; a letter is about half as wide as it is high.</summary>
    private static double TitleSize(string title) => Math.Min(15, (Width - Left) / (0.55 * Math.Max(1, title.Length)));

    private static void Grid(StringBuilder svg, Axis x, Axis y)
    {
        foreach (var tick in x.Ticks())
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x.Place(tick):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{tick:G4}</text>\n");
        foreach (var tick in y.Ticks())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y.Place(tick):0.#}\" y2=\"{y.Place(tick):0.#}\" stroke=\"#dddddd\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{y.Place(tick) + 4:0.#}\" text-anchor=\"end\">{tick:G4}</text>\n");
        }
    }

    private static void Titles(StringBuilder svg, string horizontal, string vertical)
    {
        var (middle, centre) = ((Left + Width - Right) / 2, (Top + Height - Bottom) / 2);
        if (horizontal.Length > 0) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{middle}\" y=\"{Height - 10}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(horizontal)}</text>\n");
        if (vertical.Length > 0) svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(16 {centre}) rotate(-90)\" text-anchor=\"middle\">{WebUtility.HtmlEncode(vertical)}</text>\n");
    }

    private static void Lines(StringBuilder svg, IReadOnlyList<(string Name, IReadOnlyList<ChartPoint> Points)> curves, Axis x, Axis y)
    {
        var names = curves.Select(curve => curve.Name).Distinct().ToList();
        foreach (var (name, points) in curves)
        {
            var places = points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{x.Place(point.X):0.#},{y.Place(point.Y):0.#}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"1.5\" stroke-opacity=\"0.8\" stroke=\"{ColourOf(names.IndexOf(name))}\" points=\"{string.Join(' ', places)}\"/>\n");
        }
        Legend(svg, names);
    }

    private static void Legend(StringBuilder svg, List<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var top = Top + 18 * i;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Width - Right + 16}\" y=\"{top}\" width=\"12\" height=\"12\" fill=\"{ColourOf(i)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right + 34}\" y=\"{top + 11}\">{WebUtility.HtmlEncode(names[i])}</text>\n");
        }
    }

    private static Colour ColourOf(int index) => Colour.Distinct[index % Colour.Distinct.Count];

    /// <summary>Where values stand along an axis.</summary>
    private sealed class Axis(double low, double high, bool logarithmic, double from, double to)
    {
        private readonly double low = logarithmic ? Math.Log10(low) : low;
        private readonly double high = logarithmic ? Math.Log10(high) : high;

        public double Place(double value)
        {
            var level = logarithmic ? Math.Log10(value) : value;
            return high > low ? from + (to - from) * (level - low) / (high - low) : (from + to) / 2;
        }

        /// <summary>Round values: about five, or the powers of ten.</summary>
        public IEnumerable<double> Ticks()
        {
            if (!(high > low)) return [logarithmic ? Math.Pow(10, low) : low];
            var step = logarithmic ? Math.Max(1, Math.Ceiling((high - low) / 6)) : RoundStep((high - low) / 5);
            var first = Math.Ceiling(low / step);
            var count = Math.Max(0, (int)(Math.Floor(high / step + 1e-9) - first) + 1);
            return Enumerable.Range(0, count).Select(i => (first + i) * step).Select(level => logarithmic ? Math.Pow(10, level) : level);
        }

        private static double RoundStep(double step)
        {
            var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
            return (step / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
        }
    }
}
