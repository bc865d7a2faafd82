using System.Globalization;
using Paramorph;
using Paramorph.Data;
using Paramorph.Formats;

// Makes samples/data/propeller.csv: what a test rig for propellers might have written down. Thrust follows blade-element theory in its simplest form, with a loss near the speed of sound,
// and noise of the balance; some readings are missing, as they are in life. Arguments: the number of rows, and the file.
if (args.Length > 2 || (args.Length > 0 && !(int.TryParse(args[0], CultureInfo.InvariantCulture, out var asked) && asked > 0)))
{
    Console.Error.WriteLine("PropellerRig takes a number of rows above 0, and a file to write.");
    return 2;
}
var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1500;
var random = new KeyRandom(Key.Of(2026));
string[] blades = ["narrow", "wide", "folding"];
double[] lift = [0.10, 0.13, 0.092];

var (when, blade, numbers) = (new string[rows], new string[rows], Enumerable.Range(0, 7).Select(_ => new double[rows]).ToArray());
var time = new DateTime(2025, 3, 3, 8, 0, 0, DateTimeKind.Utc);
for (var row = 0; row < rows; row++)
{
    time = time.AddMinutes(random.Uniform(2, 40));
    var kind = (int)random.Uniform(0, blades.Length);
    var (diameter, ratio) = (random.Uniform(0.2, 0.5), random.Uniform(0.35, 0.9));
    var (turns, celsius, pascal) = (random.Uniform(30, 140), random.Uniform(2, 34), random.Uniform(96_000, 103_500));
    var density = pascal / (287.05 * (celsius + 273.15));
    var mach = Math.PI * diameter * turns / Math.Sqrt(1.4 * 287.05 * (celsius + 273.15));
    // Blades stall when they are steep, and lose lift near the speed of sound.
    var coefficient = lift[kind] * (0.35 + 1.1 * ratio - 0.62 * ratio * ratio) * (mach < 0.65 ? 1 + 0.15 * mach * mach : 1.063 - 1.9 * (mach - 0.65) * (mach - 0.65));
    var thrust = coefficient * density * turns * turns * Math.Pow(diameter, 4);
    var shake = 0.4 + 2.5e-4 * turns * turns * diameter * (kind == 2 ? 1.8 : 1) + 0.2 * random.Normal();
    (when[row], blade[row]) = (time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), blades[kind]);
    double[] values = [Math.Round(1000 * diameter), Math.Round(1000 * diameter * ratio), Math.Round(60 * turns), Math.Round(celsius, 1), Math.Round(pascal / 100, 1), Math.Round(shake, 2), Math.Round(thrust * (1 + 0.012 * random.Normal()) + 0.02 * random.Normal(), 3)];
    for (var i = 0; i < values.Length; i++) numbers[i][row] = i is 3 or 5 && random.Uniform() < 0.04 ? double.NaN : values[i];
}
string[] names = ["diameter_mm", "pitch_mm", "rpm", "air_C", "pressure_hPa", "vibration_mm_s", "thrust_N"];
var table = new Table([new TableColumn.Text("time", when), new TableColumn.Text("blade", blade), .. names.Select((name, i) => new TableColumn.Numeric(name, Tensor.From(numbers[i])))]);
if (args.Length == 2) DelimitedText.Write(args[1], table);
Console.WriteLine($"{table.RowCount} rows of {string.Join(", ", table.Names)}{(args.Length == 2 ? $" in {args[1]}" : "")}");
return 0;
