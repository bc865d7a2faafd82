using Paramorph.Problems;

namespace Paramorph.Fitting;

/// <summary>What people read in the folder of a model: the report with its pictures, and the model card.</summary>
internal static class FitReport
{
    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="problem">What was learned.</param>
    /// <param name="result">What came of it.</param>
    public static void Write(string folder, Problem problem, FitResult result)
    {
        File.WriteAllText(Path.Combine(folder, "result.json"), result.ToJson() + "\n");
    }
}
