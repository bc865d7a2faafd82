namespace Paramorph.Generators.Tests;

/// <summary>What the generator cannot do is said in one sentence, at the place.</summary>
public sealed class DiagnosticTests
{
    private const string Lists = "use an array, a list, a dictionary with string keys or a value tuple";

    private const string Neighbours =
        "record Options(int Width, Func<Tensor> Make); class Node { public Node? Next; public static Tensor? Shared; }";

    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "[Tree] record A(Tensor X);", "PM0001", "A", "'A' must be partial: the tree members of 'A' are written in another part of it" },
        {
            "class Out { [Tree] partial record A(Tensor X); }", "PM0001", "Out",
            "'Out' must be partial: the tree members of 'A' are written in another part of it"
        },
        {
            "[Tree] partial class A;", "PM0002", "A",
            "'A' is marked [Tree] but is no record: make it one, or implement ITree<A> by hand"
        },
        {
            "[Tree] partial struct A;", "PM0002", "A",
            "'A' is marked [Tree] but is no record: make it one, or implement ITree<A> by hand"
        },
        {
            "[Tree] file partial record A(Tensor X);", "PM0003", "A",
            "'A' is marked [Tree] but is file-local: the generated file cannot see it; make it internal"
        },
        {
            "record B; [Tree] partial record A(Tensor X) : B;", "PM0004", "A",
            "'A' is marked [Tree] but its base 'B' is not: mark the base [Tree] too"
        },
        {
            "[Tree] partial record B(Tensor X); record A(Tensor X) : B(X);", "PM0005", "A",
            "'A' derives from the tree 'B': mark it [Tree] too, or its own tensors are never seen"
        },
        {
            "[Tree] partial record A(HashSet<Tensor> X);", "PM0006", "X",
            Unwalkable("System.Collections.Generic.HashSet<Paramorph.Tensor>", Lists)
        },
        {
            "[Tree] partial record A(Dictionary<int, Tensor?> X);", "PM0006", "X",
            Unwalkable("System.Collections.Generic.Dictionary<int, Paramorph.Tensor?>", Lists)
        },
        {
            "[Tree] partial record A(Tensor[,] X);", "PM0006", "X",
            Unwalkable("Paramorph.Tensor[*,*]", Lists)
        },
        { "[Tree] partial record A(object X);", "PM0006", "X", Unwalkable("object", "give it a type that says what it holds") },
        {
            "[Tree] partial record A { private readonly dynamic X = 1; }", "PM0006", "X",
            Unwalkable("dynamic", "give it a type that says what it holds")
        },
        { "[Tree] partial record A<T>(T[] X);", "PM0006", "X", Unwalkable("T[]", "constrain it with 'where T : ITree<T>'") },
        { "record B(Tensor Y); [Tree] partial record A(B X);", "PM0006", "X", Unwalkable("B", "mark 'B' [Tree]") },
        { "class C { public Tensor[]? Y; } class B : C; [Tree] partial record A(B? X);", "PM0006", "X", Unwalkable("B?", "mark 'B' [Tree]") },
        {
            "class B : List<Tensor>; [Tree] partial record A(B X);", "PM0006", "X",
            Unwalkable("B", Lists)
        },
        {
            "[Tree] sealed partial record A { public Tensor? X { get; } }", "PM0007", "X",
            NotSettable("give it an init accessor or a constructor parameter of its name")
        },
        {
            "[Tree] partial record A { public A(Tensor x) => X = x; public Tensor X { get; } }", "PM0007", "X",
            NotSettable("give it an init accessor, or seal the record and give it a constructor parameter of its name")
        },
        {
            "interface I { Tensor? X { get; set; } } [Tree] sealed partial record A : I { Tensor? I.X { get; set; } }", "PM0007", "I.X",
            "'I.X' holds tensors but cannot be set when the tree is rebuilt: make it a member of the record's own, or mark the member [Static]"
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_record_that_cannot_be_a_tree_is_told_why(string source, string id, string place, string message)
    {
        var diagnostic = Assert.Single(new GeneratorRun(source).Diagnostics);

        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(message, diagnostic.GetMessage());
        Assert.Equal(place.Split('.')[^1], source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    public static TheoryData<string> Statics =>
    [
        "Func<Tensor, Tensor> X", "Func<object, Tensor>[] X", "int[] X", "string? X", "DayOfWeek X", "List<int> X", "(int, string) X", "Action X",
        "Lazy<string> X", "[Static] object X", "[Static] HashSet<Tensor> X", "[Static] Tensor[,] X",
        "Dictionary<int, string> X", "Options X", "Node X",
    ];

    [Theory]
    [MemberData(nameof(Statics))]
    public void A_member_without_tensors_is_static(string member)
    {
        var run = new GeneratorRun($"{Neighbours} [Tree] sealed partial record A({member});");

        Assert.Empty(run.Diagnostics);
        Assert.Contains("visitor.Static(\"x\", this.X);", Assert.Single(run.Generated));
    }

    [Fact]
    public void The_rest_of_a_record_is_generated_beside_a_member_that_cannot_be_walked()
    {
        var run = new GeneratorRun("[Tree] sealed partial record A(Tensor Weight, HashSet<Tensor> X);");

        Assert.Contains("visitor.Child(\"weight\", this.Weight);", Assert.Single(run.Generated));
    }

    [Theory]
    [InlineData("[Tree] partial record A(Missing X, Missing<Tensor> Y, List<Missing> Z, ITree<Missing> W, Tensor[")]
    [InlineData("[Tree] partial record A(Tensor X) : Missing(X); [Tree] partial record B<T>(T X) where T : ITree<")]
    [InlineData("[Tree] partial record A(Tensor X); [Tree] partial record A { public Tensor? Y { get; set; } }")]
    [InlineData("[Tree] partial record : ITree<int>; namespace { [Tree] partial record struct A(Dictionary<string> X) }")]
    [InlineData("[Tree] partial record A(Tensor X) : A(X); [Tree] partial record B(Tensor X, Tensor X); class C { [Tree] }")]
    public void Unfinished_code_does_not_stop_the_generator(string source) =>
        Assert.All(new GeneratorRun(source).Driver.GetRunResult().Results, result => Assert.Null(result.Exception));

    private static string Unwalkable(string type, string remedy) =>
        $"'X' is of type '{type}', which a tree cannot walk: {remedy}, or mark the member [Static]";

    private static string NotSettable(string remedy) =>
        $"'X' holds tensors but cannot be set when the tree is rebuilt: {remedy}, or mark the member [Static]";
}
