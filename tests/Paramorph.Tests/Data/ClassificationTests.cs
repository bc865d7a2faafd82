using Paramorph.Data;
using Paramorph.Formats;
using Paramorph.Tests.Formats;

namespace Paramorph.Tests.Data;

public class ClassificationTests
{
    private static string Rows(int count, Func<int, string> row) => string.Join('\n', Enumerable.Range(0, count).Select(row)) + "\n";

    private static void Refused(string text, string message, bool isImages = false)
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["a.csv"], text);
        var refusal = Assert.Throws<UnreadableFileException>(() => isImages ? Classification.ReadImages(scratch["a.csv"], Key.Of(0)) : Classification.Read(scratch["a.csv"], Key.Of(0)));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_numbers_are_no_classes() => Refused(Rows(200, i => $"{i},{i * 0.37 + 0.1}"), "classes are whole numbers or text");

    [Fact]
    public void Two_rows_are_no_data() => Refused("1,2,0\n3,4,1\n", "2 classes in 2 rows; there must be 5 rows or more a class");

    [Fact]
    public void Hundreds_of_whole_numbers_are_no_classes() => Refused(Rows(300, i => $"{i % 7},{i}"), "300 classes in 300 rows");

    [Fact]
    public void One_class_is_nothing_to_tell_apart() => Refused(Rows(30, i => $"{i},1"), "has one class only");

    [Fact]
    public void A_missing_input_is_told_by_its_row() => Refused(Rows(30, i => i == 4 ? $"?,{i},{i % 2}" : $"{i},{i},{i % 2}"), "column 0: has no finite number in row 5");

    [Fact]
    public void Rows_that_are_no_square_are_no_images() => Refused(Rows(30, i => $"{i},{i + 1},{i + 2},{i % 2}"), "holds no square images", isImages: true);

    [Fact]
    public void Whole_numbers_and_text_are_classes()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["a.csv"], Rows(30, i => $"{i},{3 * (i % 3)}"));
        File.WriteAllText(scratch["b.csv"], Rows(30, i => $"{i},kind{i % 3}"));
        foreach (var name in (string[])["a.csv", "b.csv"])
        {
            var task = Classification.Read(scratch[name], Key.Of(0));
            Assert.Equal((3, 30), (task.Classes, task.Train.Count + task.Test.Count));
        }
    }
}
