using Paramorph.Data;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>A table with what was understood of it: which columns are predicted, from which, and which rows do what. Both problems on tables begin with it.</summary>
internal sealed class TableSource
{
    private const int FewestRows = 12, FewestGroups = 3, FewestTraining = 5;
    /// <summary>Names of columns that are predicted when nobody says which.</summary>
    public static readonly string[] UsualTargets = ["target", "label", "class", "y", "output", "outcome"];
    private static readonly string[] SplitNames = ["split", "fold", "subset"];
    /// <summary>Names of columns that number the rows, the first of which a column has that the file gives no name.</summary>
    private static readonly string[] NumberNames = ["row", "id", "index", "no", "nr", "unnamed: 0", "rownames", "row_id", "rowid"];

    private readonly ProblemOptions options;
    private readonly ArrayTable? arrays;
    /// <summary>The table as it was read, and of which of its rows the present one is made.</summary>
    private readonly Table read;
    private int[] places;

    private TableSource(DataContent content, ProblemOptions options)
    {
        this.options = options;
        arrays = Matrix(content) is null && content is DataContent.OfArrays named ? ArrayTable.Of(named) : null;
        var table = arrays?.Table ?? Tabular(content);
        (Table, Path, read, places) = (table, content.Path, table, [.. Enumerable.Range(0, table.RowCount)]);
        if (table.RowCount == 0 || (table is { RowCount: 1, Layout.HasHeader: false } && table.Columns.All(column => column is TableColumn.Text)))
            throw new ProblemException($"{Path} has names ({string.Join(", ", (table.RowCount == 0 ? table.Names : table.Columns.Select(column => ColumnCode.TextOf(column, 0))).Take(20))}) and no rows below them.");
        HasNames = table.Names.Index().Any(pair => pair.Item != pair.Index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Targets = [.. FindTargets()];
    }

    public string Path { get; }

    public Table Table { get; private set; }

    public bool HasNames { get; }

    /// <summary>The columns that are predicted.</summary>
    public string[] Targets { get; }

    /// <summary>What to tell.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The row of the file, from 0 on, that each row is; null where the file has rows that were not read.</summary>
    public IReadOnlyList<int>? FileRows => options.IsThinned(read) ? null : places;

    /// <summary>Whether rows stand in the order of time.</summary>
    public bool IsInTime => options.Time is not null;

    /// <summary>Understands a content, which is a table, arrays with a row for each example, or a matrix whose last column is the target.</summary>
    public static TableSource Of(DataContent content, ProblemOptions options) => new(content, options);

    /// <summary>Whether a content can be looked at as a table.</summary>
    public static bool Suits(DataContent content) => content is DataContent.OfTable { Table.Columns.Count: > 1 } or DataContent.OfAtoms || Matrix(content) is not null
        || (content is DataContent.OfArrays named && ArrayTable.IsClear(named));

    /// <summary>Whether the values of a column are classes: text, two whole numbers, or the whole numbers from 0 or 1 on without a gap.</summary>
    public static bool IsClasses(TableColumn column)
    {
        if (column is TableColumn.Text) return ColumnCode.TypeOf(column) == ColumnType.Category;
        var values = ((TableColumn.Numeric)column).Values.ToDoubles().Where(double.IsFinite).ToArray();
        var distinct = values.Distinct().Order().ToArray();
        // Of two whole numbers far more often than not, as -1 and 1, each is a class.
        if (distinct.Length == 2 && distinct.All(double.IsInteger) && values.Length >= 10) return true;
        return distinct.Length is >= 2 and <= 100 && distinct[0] is 0 or 1 && distinct.Index().All(pair => pair.Item == distinct[0] + pair.Index) && values.Length >= 5 * distinct.Length;
    }

    /// <summary>Leaves out the rows whose targets say nothing, and brings the others into the order of time where a column of times was named.</summary>
    public void TakeRows()
    {
        var columns = Targets.Select(name => Table[name]).ToArray();
        var numbers = columns.OfType<TableColumn.Numeric>().ToDictionary(column => column.Name, column => column.Values.ToDoubles());
        foreach (var (name, values) in numbers) Magnitude.Require($"the column {name} of {Path}", values);
        // What somebody says to stand for nothing does so in text, too; of what usually does it may be the name of a class.
        var named = Table.Layout is { Missing: var markers } && markers != DelimitedTextOptions.UsualMissing ? markers : [];
        bool IsTold(int row) => columns.All(column => column is TableColumn.Text text ? text.Values[row].Length > 0 && !named.Contains(text.Values[row]) : double.IsFinite(numbers[column.Name][row]));
        int[] kept = [.. Enumerable.Range(0, Table.RowCount).Where(IsTold)];
        if (kept.Length < Table.RowCount)
        {
            Notes.Add($"{Table.RowCount - kept.Length} of {Table.RowCount} rows {(Table.RowCount - kept.Length == 1 ? "has no finite target and is" : "have no finite target and are")} left out");
            Keep(kept);
        }
        if (kept.Length < FewestRows) throw new ProblemException($"{Path} has {(kept.Length == 1 ? "one row" : $"{kept.Length} rows")} with a target; at least {FewestRows} are needed to learn, to choose and to judge.");
        if (options.Time is { } time) Keep(InOrder(time));
    }

    /// <summary>Which rows train, choose and judge.</summary>
    /// <param name="classes">The class of each row, for parts in which every class has its share; or null.</param>
    public Split Split(Tensor? classes)
    {
        var count = Table.RowCount;
        if (Table.Names.FirstOrDefault(name => SplitNames.Contains(name, StringComparer.OrdinalIgnoreCase) && !Targets.Contains(name) && !options.Ignored.Contains(name) && IsSplit(Table[name])) is { } own)
        {
            if ((options.Group ?? options.Time) is { } other) throw new ProblemException($"the column {own} of {Path} says which rows train and which judge: leave it out with --ignore {own} to divide them by {other}.");
            Notes.Add($"the column {own} says which rows train and which judge{(options.TestShare is null ? "" : "; --test divides nothing")}");
            return Predefined(own);
        }
        if (options.Group is { } group)
        {
            if (options.Time is not null) throw new ProblemException("rows are divided by --group or in the order of --time, and not by both.");
            Notes.Add($"rows with one value of {group} stay together");
            return Grouped(group);
        }
        if (options.Time is { } time)
        {
            Notes.Add($"rows are in the order of {time}: the last {Share(options.TestPart)} judge, those before them choose");
            return Data.Split.Ordered([.. Enumerable.Range(0, count)], ProblemOptions.AtLeast(options.ValidationShare, count), ProblemOptions.AtLeast(options.TestPart, count));
        }
        if (classes is not null) return options.Draw(classes, Notes, "rows");
        Notes.Add($"rows are split at random: {options.Shares}");
        return options.Draw(count);
    }

    /// <summary>The number of the group of each row, where rows of one group stay together; else null.</summary>
    public int[]? Groups()
    {
        if (options.Group is not { } group) return null;
        var (column, numbers) = (Column(group), new Dictionary<string, int>(StringComparer.Ordinal));
        int NumberOf(string name) => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count;
        return [.. Enumerable.Range(0, Table.RowCount).Select(row => NumberOf(ColumnCode.TextOf(column, row)))];
    }

    /// <summary>How other files are read for these columns: what is text here is text there, where a field of letters may be missing.</summary>
    public DelimitedTextOptions? Layout(IReadOnlyList<ColumnCode> columns) => !HasNames || Table.Layout is not { } layout
        ? Table.Layout
        : layout with { TextColumns = [.. columns.Where(column => column.Type == ColumnType.Category && Table[column.Name] is TableColumn.Text).Select(column => column.Name)] };

    /// <summary>Whether a column has the name of a number of rows and counts them, from 0 or 1 on: the order of a file tells nothing of new rows.</summary>
    private bool IsNumbering(TableColumn column) => HasNames && NumberNames.Contains(column.Name, StringComparer.OrdinalIgnoreCase) && read[column.Name] is TableColumn.Numeric { Values: var values }
        && values.ToDoubles() is [0 or 1, ..] numbers && Enumerable.Range(1, numbers.Length - 1).All(row => options.IsThinned(read) ? numbers[row] > numbers[row - 1] && double.IsInteger(numbers[row]) : numbers[row] == numbers[0] + row);

    /// <summary>The codes of the columns that are inputs.</summary>
    public IReadOnlyList<ColumnCode> Inputs(Split split)
    {
        foreach (var name in options.Ignored.Concat(options.Categories)) _ = Column(name);
        var train = split.Train.ToArray<int>();
        var (codes, dropped, numbering) = (new List<ColumnCode>(), new List<TableColumn>(), new List<string>());
        foreach (var column in Table.Columns)
        {
            if (Targets.Contains(column.Name) || options.Ignored.Contains(column.Name) || column.Name == options.Group) continue;
            if (SplitNames.Contains(column.Name, StringComparer.OrdinalIgnoreCase) && IsSplit(column)) continue;
            if (IsNumbering(column) && column.Name != options.Time && !options.Categories.Contains(column.Name))
            {
                numbering.Add(column.Name);
                continue;
            }
            var type = options.Categories.Contains(column.Name) ? ColumnType.Category : ColumnCode.TypeOf(column);
            if (type == ColumnType.Number && column is TableColumn.Numeric { Values: var values }) Magnitude.Require($"the column {column.Name} of {Path}", values);
            if (ColumnCode.Of(column, type, train) is { } code) codes.Add(code);
            else dropped.Add(column);
        }
        if (codes.Count == 0)
            throw new ProblemException($"{Path} has no column that tells anything about {string.Join(", ", Targets)}: {(dropped.Count == 0 ? "there is no other" : string.Join("; ", dropped.Take(6).Select(column => $"{column.Name} {WhyDropped(column)}")))}.");
        Tell(codes, dropped);
        if (numbering.Count > 0) Notes.Add($"left out: {string.Join(", ", numbering)}, which {(numbering.Count == 1 ? "numbers" : "number")} the rows as they stand in the file: with another name it is learned from");
        return codes;
    }

    /// <summary>A column that somebody named.</summary>
    public TableColumn Column(string name) => Table.Names.Contains(name, StringComparer.Ordinal)
        ? Table[name]
        : throw new ProblemException($"{Path} has no column {name}: it has {string.Join(", ", Table.Names.Take(20))}{(Table.Columns.Count > 20 ? ", ..." : "")}{(Table.Layout?.HasHeader == false && Table.Columns.Any(column => ColumnCode.TextOf(column, 0) == name) ? "; the first row holds the name: --header true takes it for names" : "")}.");

    /// <summary>A content as a table.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isNamed">Whether the columns of a lone matrix have its name too, as beside other arrays.</param>
    /// <exception cref="ProblemException">It is none.</exception>
    public static Table Tabular(DataContent content, bool isNamed = false) => content switch
    {
        DataContent.OfTable table => table.Table,
        DataContent.OfAtoms atoms => MoleculeTable.Of(atoms),
        _ when !isNamed && Matrix(content) is { } matrix => new Table([.. Enumerable.Range(0, matrix.Shape[1]).Select(column =>
            new TableColumn.Numeric(column.ToString(System.Globalization.CultureInfo.InvariantCulture), matrix[.., column].AsType(ElementType.Float64).Evaluate()))]),
        DataContent.OfArrays named when ArrayTable.Of(named) is { } arrays => arrays.Table,
        _ => throw new ProblemException($"{content.Path} holds {content.Description}, which is no table."),
    };

    /// <summary>Columns side by side, f64 [rows, columns].</summary>
    /// <exception cref="ProblemException">One holds text.</exception>
    public static Tensor Numbers(string path, Table table, IReadOnlyList<string> names) => names.FirstOrDefault(name => table[name] is TableColumn.Text) is { } text
        ? throw new ProblemException($"the column {text} of {path} holds text, such as \"{table.Texts(text).FirstOrDefault(value => value.Length > 0)}\", where numbers must stand.")
        : table.Matrix(names);

    /// <summary>The only array with two axes, or the one named data; null where arrays beside it say more.</summary>
    private static Tensor? Matrix(DataContent content)
    {
        if (content is not DataContent.OfArrays { Arrays: var arrays } all || all.Texts.Count + all.Unreadable.Count > 0) return null;
        if (arrays.TryGetValue("data", out var data) && data.Rank == 2 && !ArrayTable.IsClear(all)) return data;
        return arrays.Count == 1 && arrays.Values.First() is { Rank: 2 } only && !only.ElementType.IsComplex() && only.Shape[0] >= FewestRows && only.Shape[1] > 1 ? only : null;
    }

    private IEnumerable<string> FindTargets()
    {
        if (options.Targets.Count > 0)
        {
            return options.Targets.SelectMany(name => arrays?.Columns(Path, name) ?? [Column(name).Name]).Distinct(StringComparer.Ordinal);
        }
        if (arrays is not null)
        {
            var array = arrays.Target(Path) ?? throw new ProblemException($"{Path} has no array with the name of a target, such as y: say with --target which of {string.Join(", ", Table.Names.Take(20))} to predict.");
            Notes.Add($"the array {array} is what is predicted");
            return arrays.Columns(Path, array)!;
        }
        // What is said to be something else is not guessed to be the target.
        string[] free = [.. Table.Columns.Where(column => !options.Ignored.Contains(column.Name) && column.Name != options.Group && column.Name != options.Time && !(SplitNames.Contains(column.Name, StringComparer.OrdinalIgnoreCase) && IsSplit(column))).Select(column => column.Name)];
        if (free.Length == 0) throw new ProblemException($"{Path} has no column that could be predicted: say with --target which of {string.Join(", ", Table.Names.Take(20))}.");
        var named = free.FirstOrDefault(name => UsualTargets.Contains(name, StringComparer.OrdinalIgnoreCase));
        var target = named ?? free[^1];
        Notes.Add(named is null ? $"the last column{(target == Table.Columns[^1].Name ? "" : " of the others")}, {Title(target)}, is what is predicted" : $"the column {named} is what is predicted");
        return [target];
    }

    private string Title(string name) => HasNames ? name : $"number {name}";

    private static string First(TableColumn column) => ((TableColumn.Text)column).Values.First(value => value.Length > 0);

    private static string Share(double share) => $"{Math.Round(100 * share)} %";

    private void Tell(List<ColumnCode> codes, List<TableColumn> dropped)
    {
        string Names(IEnumerable<string> names) => string.Join(", ", names.Take(6)) + (names.Count() > 6 ? ", ..." : "");
        var categories = codes.Where(code => code.Type == ColumnType.Category).ToArray();
        var times = codes.Where(code => code.Type == ColumnType.Time).ToArray();
        var missing = codes.Where(code => code.HasMissing).Select(code => code.Name).ToArray();
        var numbers = codes.Count - categories.Length - times.Length;
        var parts = new List<string>();
        if (numbers > 0) parts.Add(Counted.Of(numbers, "column of numbers", "columns of numbers"));
        if (categories.Length > 0) parts.Add($"{categories.Length} of categories ({Names(categories.Select(code => code.Name))})");
        if (times.Length > 0) parts.Add($"{times.Length} of times ({Names(times.Select(code => code.Name))})");
        Notes.Add($"inputs are {string.Join(", ", parts)}: {Counted.Of(codes.Sum(code => code.Features), "feature", "features")}");
        if (missing.Length > 0) Notes.Add($"values are missing in {Names(missing)}: the mean stands for them, and a feature says so");
        foreach (var code in codes.Where(code => code.IsMonthFirst is not null))
            Notes.Add($"dates of {code.Name} have the {(code.IsMonthFirst == true ? "month first, as 5/31/2024" : "day first, as 31/5/2024")}, since no other order fits all of them");
        foreach (var category in categories.Where(code => ColumnCode.IsAmbiguous(Table[code.Name])))
            Notes.Add($"dates of {category.Name} may have the day or the month first and are taken for categories: write them as 2024-05-31");
        foreach (var reason in dropped.GroupBy(WhyDropped)) Notes.Add($"left out: {Names(reason.Select(column => column.Name))}, which {reason.Key}");
    }

    /// <summary>Why a column tells nothing, as the end of a sentence.</summary>
    private static string WhyDropped(TableColumn column)
    {
        if (ColumnCode.IsAmbiguous(column)) return $"holds dates such as {First(column)} that may have the day or the month first: write them as 2024-05-31";
        var distinct = Enumerable.Range(0, column.Count).Select(row => ColumnCode.TextOf(column, row)).Where(text => text.Length > 0).Distinct(StringComparer.Ordinal).Take(2).Count();
        return distinct switch { 0 => "holds no value", 1 => "is constant", _ when column is TableColumn.Text => "names each row, or is text of other kinds", _ => "is constant in the rows that train" };
    }

    private static bool IsSplit(TableColumn column) => column is TableColumn.Text text && text.Values.All(value => Part(value) >= 0) && text.Values.Any(value => Part(value) == 2);

    /// <summary>0 for train, 1 for validation, 2 for test, -1 for anything else.</summary>
    private static int Part(string value) => value.ToLowerInvariant() switch
    {
        "train" or "training" => 0,
        "validation" or "valid" or "val" or "dev" => 1,
        "test" or "testing" => 2,
        _ => -1,
    };

    private Split Predefined(string column)
    {
        var texts = Table.Texts(column);
        Tensor Rows(int part) => Tensor.From<int>([.. Enumerable.Range(0, texts.Count).Where(row => Part(texts[row]) == part)]);
        var split = new Split(Rows(0), Rows(1), Rows(2));
        if (split.Train.Count < FewestTraining)
            throw new ProblemException($"the column {column} of {Path} lets {(split.Train.Count == 0 ? "no row" : Counted.Of(split.Train.Count, "row", "rows"))} train, and at least {FewestTraining} are needed: name the rows to learn from \"train\", or leave the column out with --ignore {column}.");
        return split.WithValidation(options.Key, ProblemOptions.AtLeast(options.ValidationShare, split.Train.Count));
    }

    private Split Grouped(string group)
    {
        var groups = Groups()!;
        var count = groups.Distinct().Count();
        if (count < FewestGroups)
            throw new ProblemException($"the column {group} of {Path} has {Counted.Of(count, "value", "values")}, and rows of one value stay together: at least three are needed, to learn, to choose and to judge.");
        // Of a few groups one is a larger share than was asked for, and one must be left to learn from.
        var validation = ProblemOptions.AtLeast(options.ValidationShare, count);
        var test = Math.Min(ProblemOptions.AtLeast(options.TestPart, count), 1 - validation - 1.0 / count);
        return Data.Split.Grouped(options.Key, [.. groups.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))], validation, test);
    }

    /// <summary>The rows in the order of a column of times, without those that have none.</summary>
    private int[] InOrder(string time)
    {
        var times = Column(time);
        if (ColumnCode.TypeOf(times) == ColumnType.Category)
            throw new ProblemException($"the column {times.Name} of {Path} does not hold times in one known form, {(ColumnCode.IsAmbiguous(times) ? $"since those such as {First(times)} may have the day or the month first" : $"as \"{ColumnCode.NoTime(times)}\" shows")}: write them as 2024-05-31 or 2024-05-31 12:00:00.");
        var seconds = new ColumnCode(times.Name, ColumnCode.TypeOf(times)) { IsMonthFirst = ColumnCode.MonthFirst(times) }.Raw(times, []);
        int[] told = [.. Enumerable.Range(0, Table.RowCount).Where(row => double.IsFinite(seconds[row]))];
        if (told.Length < FewestRows) throw new ProblemException($"{Path} has {Counted.Of(told.Length, "row", "rows")} with a time in {time}; at least {FewestRows} are needed to learn, to choose and to judge.");
        if (told.Length < Table.RowCount) Notes.Add($"{Table.RowCount - told.Length} of {Table.RowCount} rows {(Table.RowCount - told.Length == 1 ? "has no time and is" : "have no time and are")} left out");
        return [.. told.OrderBy(row => seconds[row])];
    }

    private void Keep(int[] rows) => (Table, places) = (Rows(Table, rows), [.. rows.Select(row => places[row])]);

    private static Table Rows(Table table, int[] rows) => new([.. table.Columns.Select(column => column switch
    {
        TableColumn.Text text => new TableColumn.Text(text.Name, [.. rows.Select(row => text.Values[row])]),
        TableColumn.Numeric numbers => new TableColumn.Numeric(numbers.Name, numbers.Values.Take(Tensor.From(rows)).Evaluate()),
        _ => column,
    })])
    {
        Understood = table.Understood,
        Layout = table.Layout,
    };
}
