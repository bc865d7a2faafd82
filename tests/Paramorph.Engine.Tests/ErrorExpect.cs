namespace Paramorph.Tests;

/// <summary>Checks of messages.</summary>
internal static class ErrorExpect
{
    /// <summary>The action fails with one sentence, which begins with the name of the operation and says each of the parts.</summary>
    public static void Sentence<T>(Func<object?> action, string operation, params string[] parts)
        where T : TensorException
    {
        var message = Assert.Throws<T>(() => { action(); }).Message;
        Assert.StartsWith($"{operation}: ", message);
        Assert.EndsWith(".", message);
        Assert.DoesNotContain("\n", message);
        Assert.DoesNotContain(". ", message);
        foreach (var part in parts) Assert.Contains(part, message);
    }
}
