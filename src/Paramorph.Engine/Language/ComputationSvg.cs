using System.Globalization;
using System.Text;
using System.Xml;

namespace Paramorph;

/// <summary>The drawing of a computation as an SVG document.</summary>
internal sealed class ComputationSvg
{
    private const double Margin = 16;
    private const double TitleSize = 12;
    private const double DetailSize = 9.5;
    private const double Inset = 14;
    private const double LegendStep = 112;
    private const string Grey = "#7a7a7a";
    private readonly XmlWriter xml;

    private ComputationSvg(XmlWriter xml) => this.xml = xml;

    public static string Of(Computation computation)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = true })) new ComputationSvg(xml).Document(computation);
        return text.ToString();
    }

    private void Document(Computation computation)
    {
        var picture = new Picture(new(computation));
        var kinds = new SortedSet<DiagramKind>(picture.Kinds());
        var (width, height) = (Math.Max(picture.Width, kinds.Count * LegendStep) + 2 * Margin, picture.Height + 2 * Margin + 30);
        xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Write("viewBox", $"0 0 {Text(width)} {Text(height)}");
        Write("width", Text(width));
        Write("height", Text(height));
        Write("font-family", "ui-monospace, Menlo, Consolas, monospace");
        Element("title", computation.Name);
        Draw(picture, Margin, Margin);
        var x = Margin;
        foreach (var kind in kinds)
        {
            Box(x, height - Margin - 12, 12, 12, 3, kind);
            Label(DiagramColours.Name(kind), x + 17, height - Margin - 3, DetailSize, Grey, "start");
            x += LegendStep;
        }
        xml.WriteEndElement();
    }

    private void Draw(Picture picture, double left, double top)
    {
        foreach (var edge in picture.Diagram.Edges) Edge(picture, edge, left, top);
        for (var i = 0; i < picture.Diagram.Nodes.Count; i++) Node(picture, i, left, top);
    }

    private void Node(Picture picture, int index, double left, double top)
    {
        var (node, (width, height)) = (picture.Diagram.Nodes[index], picture.Sizes[index]);
        var (x, y) = picture.Layout[index];
        (x, y) = (x + left, y + top);
        xml.WriteStartElement("g");
        Element("title", $"{node.Title} {node.Detail}".TrimEnd());
        Box(x, y, width, height, 6, node.Kind, isFilled: node.Bodies.Count == 0);
        var colour = node.Bodies.Count == 0 ? "#1b1b1b" : Grey;
        Label(node.Title, x + width / 2, y + 15, TitleSize, colour);
        if (node.Detail.Length > 0) Label(DiagramColours.Shortened(node.Detail), x + width / 2, y + 28, DetailSize, colour);
        for (var b = 0; b < node.Bodies.Count; b++)
        {
            var (body, bodyX) = (picture.Bodies[index][b], x + Inset + picture.Bodies[index].Take(b).Sum(p => p.Width + 2 * Inset));
            if (node.Bodies[b].Name.Length > 0) Label(node.Bodies[b].Name, bodyX + body.Width / 2, y + 43, DetailSize, Grey);
            Draw(body, bodyX, y + Picture.Header);
        }
        xml.WriteEndElement();
        // The types of results stand below, where their edges begin.
        if (node.Kind is DiagramKind.Input or DiagramKind.Constant) return;
        for (var k = 0; k < node.Results.Count; k++)
            if (picture.IsUsed(index, k)) Label(node.Results[k], x + picture.PortOf(index, k) + 4, y + height + 11, DetailSize - 1, Grey, "start");
    }

    private void Edge(Picture picture, DiagramEdge edge, double left, double top)
    {
        var (from, to) = (picture.Layout[edge.From], picture.Layout[edge.To]);
        var (x, y) = (from.X + picture.PortOf(edge.From, edge.Result) + left, from.Y + picture.Sizes[edge.From].Height + top);
        var path = new StringBuilder($"M{Text(x)} {Text(y)}");
        foreach (var (through, enter, leave) in picture.Layout.Through(edge))
        {
            Curve(through + left, enter + top);
            path.Append($" L{Text(through + left)} {Text(leave + top)}");
            y = leave + top;
        }
        Curve(to.X + picture.ArrivalOf(edge) + left, to.Y + top);
        xml.WriteStartElement("path");
        Write("d", path.ToString());
        Write("fill", "none");
        Write("stroke", Grey);
        Write("stroke-opacity", "0.75");
        Element("title", picture.Diagram.Nodes[edge.From].Results[edge.Result]);
        xml.WriteEndElement();

        void Curve(double toX, double toY)
        {
            var middle = (y + toY) / 2;
            path.Append($" C{Text(x)} {Text(middle)} {Text(toX)} {Text(middle)} {Text(toX)} {Text(toY)}");
            (x, y) = (toX, toY);
        }
    }

    private void Box(double x, double y, double width, double height, double radius, DiagramKind kind, bool isFilled = true)
    {
        var (fill, line) = DiagramColours.Of(kind);
        xml.WriteStartElement("rect");
        Write("x", Text(x));
        Write("y", Text(y));
        Write("width", Text(width));
        Write("height", Text(height));
        Write("rx", Text(radius));
        Write("fill", isFilled ? fill : line);
        if (!isFilled) Write("fill-opacity", "0.08");
        Write("stroke", line);
        xml.WriteEndElement();
    }

    private void Label(string text, double x, double y, double size, string colour, string anchor = "middle")
    {
        xml.WriteStartElement("text");
        Write("x", Text(x));
        Write("y", Text(y));
        Write("font-size", Text(size));
        Write("fill", colour);
        Write("text-anchor", anchor);
        xml.WriteString(Valid(text));
        xml.WriteEndElement();
    }

    private void Element(string name, string text)
    {
        xml.WriteStartElement(name);
        xml.WriteString(Valid(text));
        xml.WriteEndElement();
    }

    private void Write(string name, string value) => xml.WriteAttributeString(name, value);

    /// <summary>Labels are the user's: what XML cannot hold at all is shown as a replacement character; the writer escapes the rest.</summary>
    private static string Valid(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));

    private static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A diagram with the sizes and places of its nodes, and the pictures inside them.</summary>
    private sealed class Picture
    {
        public const double Header = 50;
        private readonly HashSet<(int Node, int Result)> used;
        private readonly Dictionary<DiagramEdge, (int Place, int Count)> arrivals = [];

        public Picture(ComputationDiagram diagram)
        {
            Diagram = diagram;
            Bodies = [.. diagram.Nodes.Select(node => node.Bodies.Select(body => new Picture(body.Diagram)).ToArray())];
            Sizes = [.. diagram.Nodes.Select((node, i) => SizeOf(node, Bodies[i]))];
            Layout = new(Sizes, diagram.Edges);
            used = [.. diagram.Edges.Select(edge => (edge.From, edge.Result))];
            foreach (var group in diagram.Edges.GroupBy(edge => edge.To))
            {
                var distinct = group.Distinct().ToArray();
                for (var i = 0; i < distinct.Length; i++) arrivals[distinct[i]] = (i, distinct.Length);
            }
        }

        public ComputationDiagram Diagram { get; }

        public Picture[][] Bodies { get; }

        public (double Width, double Height)[] Sizes { get; }

        public LayeredLayout Layout { get; }

        public double Width => Layout.Width;

        public double Height => Layout.Height;

        public IEnumerable<DiagramKind> Kinds() => Diagram.Nodes.Select(node => node.Kind).Concat(Bodies.SelectMany(bodies => bodies).SelectMany(body => body.Kinds()));

        public bool IsUsed(int node, int result) => used.Contains((node, result));

        /// <summary>Where a result leaves its node, from the left of it.</summary>
        public double PortOf(int node, int result) => Sizes[node].Width * (result + 1) / (Diagram.Nodes[node].Results.Count + 1);

        /// <summary>Where an edge arrives, from the left of the node: operands in order, near the middle.</summary>
        public double ArrivalOf(DiagramEdge edge)
        {
            var ((place, count), width) = (arrivals[edge], Sizes[edge.To].Width);
            return width / 2 + (place - (count - 1) / 2.0) * Math.Min(16, width * 0.7 / count);
        }

        private static (double Width, double Height) SizeOf(DiagramNode node, Picture[] bodies)
        {
            var results = node.Kind is DiagramKind.Input or DiagramKind.Constant ? 0 : node.Results.Sum(type => 5.6 * type.Length + 12);
            var text = Math.Max(7.3 * node.Title.Length, 5.8 * DiagramColours.Shortened(node.Detail).Length) + 18;
            var width = Math.Max(Math.Max(54, text), node.Results.Count > 1 ? results : 0);
            if (bodies.Length == 0) return (width, node.Detail.Length == 0 ? 24 : 36);
            return (Math.Max(width, bodies.Sum(body => body.Width + 2 * Inset)), Header + Inset + bodies.Max(body => body.Height));
        }
    }
}
