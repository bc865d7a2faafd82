namespace Paramorph.Data;

/// <summary>A formal language whose words can be drawn at random and whose next symbols are known at every place of a word.</summary>
public interface ILanguage
{
    /// <summary>What stands for the end of a word among next symbols; no symbol of an alphabet.</summary>
    const char End = '$';

    /// <summary>The symbols, each once.</summary>
    string Alphabet { get; }

    /// <summary>A random word.</summary>
    string Draw(KeyRandom random);

    /// <summary>The symbols that may follow a beginning of a word, in the order of the alphabet, then <see cref="End"/> if it may end there; empty when no word begins so.</summary>
    string Next(string beginning);

    /// <summary>Whether a text is a word of the language.</summary>
    bool Contains(string text) => Next(text).Contains(End);
}
