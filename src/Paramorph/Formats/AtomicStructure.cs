namespace Paramorph.Formats;

/// <summary>A molecule or a crystal. Lengths are in Ångström and energies in electronvolt where a file follows the custom.</summary>
/// <param name="Species">The chemical symbol of each atom, [atoms].</param>
/// <param name="Positions">Where the atoms are, f64 [atoms, 3].</param>
public sealed record AtomicStructure(IReadOnlyList<string> Species, Tensor Positions)
{
    private static readonly string[] Symbols = (
        "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba "
        + "La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs "
        + "Mt Ds Rg Cn Nh Fl Mc Lv Ts Og").Split(' ');

    /// <summary>The vectors of the cell as rows, f64 [3, 3]; null when there is none.</summary>
    public Tensor? Cell { get; init; }

    /// <summary>Whether the structure repeats along each vector of the cell.</summary>
    public (bool A, bool B, bool C) Periodic { get; init; }

    /// <summary>The energy of the whole; null when it is not told.</summary>
    public double? Energy { get; init; }

    /// <summary>The force on each atom, f64 [atoms, 3]; null when it is not told.</summary>
    public Tensor? Forces { get; init; }

    /// <summary>What else is told of the whole, as text.</summary>
    public IReadOnlyDictionary<string, string> Info { get; init; } = new OrderedDictionary<string, string>();

    /// <summary>What else is told of each atom in numbers or truth values: f64, i64 or bool, [atoms] or [atoms, values].</summary>
    public IReadOnlyDictionary<string, Tensor> Properties { get; init; } = new OrderedDictionary<string, Tensor>();

    /// <summary>What else is told of each atom as text, [atoms].</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Labels { get; init; } = new OrderedDictionary<string, IReadOnlyList<string>>();

    /// <summary>The atomic number of each atom, i32 [atoms].</summary>
    /// <exception cref="InvalidOperationException">A species is not the symbol of a chemical element.</exception>
    public Tensor AtomicNumbers() => Tensor.From([.. Species.Select(AtomicNumber)], [Species.Count]);

    private static int AtomicNumber(string symbol) => Array.IndexOf(Symbols, symbol) is >= 0 and var place
        ? place + 1
        : throw new InvalidOperationException($"'{symbol}' is not the symbol of a chemical element, such as H or Cl.");
}
