using System.Runtime.ExceptionServices;
using System.Text.Json;
using Paramorph.Formats;

namespace Paramorph.Problems;

/// <summary>
/// What stands between people's data and a model: from raw inputs to those of the model, from its outputs to answers, and the layout of files. It is learned
/// from training examples alone and is a part of a saved model.
/// </summary>
public abstract record Preparation
{
    /// <summary>The shape of one raw input, f64, without the leading axis of examples.</summary>
    public abstract Shape RawInput { get; }

    /// <summary>The shape of one answer, without the leading axis of examples.</summary>
    public abstract Shape Answer { get; }

    /// <summary>How the text of the file looked that the model was made of, in which way others are read; null where it was no text.</summary>
    public DelimitedTextOptions? Layout { get; init; }

    /// <summary>Raw inputs f64 [n, raw...] as those of the model: f32 [n, input...]. It is traced.</summary>
    public abstract Tensor Encode(Tensor raw);

    /// <summary>Outputs of the model [n, output...] as answers in the units of the data: f64 [n, answer...]. It is traced.</summary>
    public abstract Tensor Decode(Tensor outputs);

    /// <summary>The same where answers depend on the raw inputs too, as those that meet conditions at some inputs do. It is traced.</summary>
    /// <param name="outputs">Outputs of the model: [n, output...].</param>
    /// <param name="raw">The raw inputs: f64 [n, raw...].</param>
    public virtual Tensor Decode(Tensor outputs, Tensor raw) => Decode(outputs);

    /// <summary>Reads raw inputs from a file to predict for.</summary>
    /// <param name="content">What the file holds.</param>
    /// <param name="notes">Takes a sentence on whatever was not as in training.</param>
    /// <returns>f64 [n, raw...].</returns>
    /// <exception cref="ProblemException">The file does not hold what the model needs.</exception>
    public abstract Tensor ReadInputs(DataContent content, ICollection<string> notes);

    /// <summary>
    /// Reads a file to predict for: text in the way that the file of the fit was written, and where the model's columns are not found so, in the way that the file itself looks, which is told.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="said">What was said of how text looks, in place of what another file looked like.</param>
    /// <param name="others">Readers of further formats, as for <see cref="DataContent.Read"/>.</param>
    /// <param name="notes">Takes a sentence on whatever was not as in training.</param>
    /// <returns>What the file holds, and raw inputs f64 [n, raw...].</returns>
    /// <exception cref="ProblemException">There is no such file, or it does not hold what the model needs.</exception>
    /// <exception cref="UnreadableFileException">The content is damaged, or of a format that is not read.</exception>
    public (DataContent Content, Tensor Inputs) ReadInputs(string path, Func<DelimitedTextOptions?, DelimitedTextOptions> said, IReadOnlyList<ContentReader>? others, ICollection<string> notes)
    {
        var read = Try(path, said(Layout), others);
        if (read.Error is not null && Layout is not null && File.Exists(path))
        {
            var free = Try(path, said(Layout with { Delimiter = null, HasHeader = null, Decimal = null }), others);
            if (free.Error is null) free.Notes.Insert(0, $"{System.IO.Path.GetFileName(path)} looks otherwise than the file of the fit: {string.Join("; ", free.Understood.Select(note => note.TrimEnd('.')))}");
            else if (free.Looks != read.Looks) throw new ProblemException($"{read.Error.Message.TrimEnd('.')}; if the text looks otherwise than that of the fit, say so with --delimiter, --header and --decimal.", read.Error);
            if (free.Error is null) read = free;
        }
        if (read.Error is { } error) ExceptionDispatchInfo.Throw(error);
        foreach (var note in read.Notes) notes.Add(note);
        return (read.Content!, read.Inputs!);
    }

    /// <summary>What reading a file in some way gives, or the reason why it gives nothing.</summary>
    private sealed record Attempt(DataContent? Content, Tensor? Inputs, List<string> Notes, Exception? Error)
    {
        public (char?, bool?, char?)? Looks => (Content as DataContent.OfTable)?.Table.Layout is { } layout ? (layout.Delimiter, layout.HasHeader, layout.Decimal) : null;

        public IReadOnlyList<string> Understood => (Content as DataContent.OfTable)?.Table.Understood ?? [];
    }

    private Attempt Try(string path, DelimitedTextOptions text, IReadOnlyList<ContentReader>? others)
    {
        var (content, notes) = ((DataContent?)null, new List<string>());
        try
        {
            content = DataContent.Read(path, text, others);
            if (content is DataContent.OfTable { Table.SkippedLines: > 0 and var skipped })
                notes.Add($"{Counted.Of(skipped, "line", "lines")} between the rows of {System.IO.Path.GetFileName(path)} {(skipped == 1 ? "is blank or a comment and has" : "are blank or comments and have")} no answer");
            return new(content, ReadInputs(content, notes), notes, null);
        }
        catch (Exception exception) when (exception is ProblemException or UnreadableFileException)
        {
            return new(content, null, notes, exception);
        }
    }

    /// <summary>Answers as columns of a table.</summary>
    /// <param name="answers">f64 [n, answer...].</param>
    /// <param name="low">Lower ends of intervals, of the same shape, or null.</param>
    /// <param name="high">Upper ends, or null.</param>
    public abstract Table Answers(Tensor answers, Tensor? low, Tensor? high);

    /// <summary>Answers as columns of a table, where what the table says depends on the file that they are for, as the times of a forecast do.</summary>
    /// <param name="answers">f64 [n, answer...].</param>
    /// <param name="low">Lower ends of intervals, of the same shape, or null.</param>
    /// <param name="high">Upper ends, or null.</param>
    /// <param name="source">What <see cref="ReadInputs(DataContent, ICollection{string})"/> read.</param>
    public virtual Table Answers(Tensor answers, Tensor? low, Tensor? high, DataContent? source) => Answers(answers, low, high);

    /// <summary>What the numbers of a raw input are, in their order: plain phrases for those who call the model from elsewhere.</summary>
    public virtual IReadOnlyList<string> DescribeInputs() => ["numbers as in the file"];

    /// <summary>What the numbers of an answer are, likewise.</summary>
    public virtual IReadOnlyList<string> DescribeAnswers() => ["numbers in the units of the data"];

    /// <summary>Writes it as one JSON object.</summary>
    public abstract void Write(Utf8JsonWriter writer);
}
