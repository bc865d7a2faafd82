using System.Globalization;
using System.Net;
using System.Text;

namespace Paramorph.Experiments;

/// <summary>How many examples of each class were taken for each class, as a drawing in SVG: a row for each true class, the darker a cell the larger its share of the row.</summary>
public static class ConfusionChart
{
    /// <summary>More classes than this are not drawn: their cells would be too small to read.</summary>
    public const int MostClasses = 30;

    private const double Left = 110, Top = 110, Size = 480;
    private const int LongestName = 14;

    /// <summary>Draws it.</summary>
    /// <param name="names">The classes.</param>
    /// <param name="counts">[true class, answer].</param>
    public static string Draw(IReadOnlyList<string> names, int[,] counts)
    {
        var (svg, cell) = (new StringBuilder(), Size / names.Count);
        var font = Math.Min(14, cell * 0.5);
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Size + 20} {Top + Size + 20}\" font-family=\"sans-serif\" font-size=\"{font:0.#}\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Left + Size + 20}\" height=\"{Top + Size + 20}\" fill=\"white\"/>\n<text x=\"{Left + (Size / 2)}\" y=\"20\" font-size=\"14\" text-anchor=\"middle\">answer</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(18 {Top + (Size / 2)}) rotate(-90)\" font-size=\"14\" text-anchor=\"middle\">true class</text>\n");
        for (var i = 0; i < names.Count; i++)
        {
            var (middle, name) = ((i + 0.5) * cell, WebUtility.HtmlEncode(names[i].Length > LongestName ? names[i][..(LongestName - 1)] + "\u2026" : names[i]));
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Top + middle + (font / 3):0.#}\" text-anchor=\"end\">{name}</text><text transform=\"translate({Left + middle + (font / 3):0.#} {Top - 6}) rotate(-90)\">{name}</text>\n");
            var all = Enumerable.Range(0, names.Count).Sum(j => counts[i, j]);
            for (var j = 0; j < names.Count; j++)
            {
                var share = all == 0 ? 0 : (double)counts[i, j] / all;
                // From white to the first colour of charts, with the square root so that single errors are seen.
                var fill = Colour.OfUnit(1 - Math.Sqrt(share), 1 - (0.55 * Math.Sqrt(share)), 1 - (0.3 * Math.Sqrt(share)));
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left + (j * cell):0.##}\" y=\"{Top + (i * cell):0.##}\" width=\"{cell:0.##}\" height=\"{cell:0.##}\" fill=\"{fill}\" stroke=\"#dddddd\"/>");
                if (counts[i, j] > 0)
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + ((j + 0.5) * cell):0.#}\" y=\"{Top + middle + (font / 3):0.#}\" text-anchor=\"middle\" fill=\"{(share > 0.4 ? "white" : "#1c1e21")}\">{counts[i, j]}</text>\n");
            }
        }
        return svg.Append("</svg>\n").ToString();
    }
}
