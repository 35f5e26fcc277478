namespace ZeroTrust.Redaction.Internal;

/// <summary>Texts in which nothing was found, each in the one place its characters lead to: methods, routes, versions and statements come again and again.</summary>
internal sealed class CleanTexts
{
    private const int Slots = 1024;
    private const int MaxLength = 1024;

    private readonly string?[] _slots = new string?[Slots];

    public bool Holds(string text) => text.Length > 0 && string.Equals(_slots[SlotOf(text)], text, StringComparison.Ordinal);

    public void Add(string text)
    {
        if (text.Length is > 0 and <= MaxLength)
        {
            _slots[SlotOf(text)] = text;
        }
    }

    /// <summary>Few characters are enough: two texts that meet in one place only cost a second look.</summary>
    private static int SlotOf(string text) =>
        ((text.Length * 31) + (text[^1] * 7) + (text[text.Length / 2] * 131) + (text[text.Length / 3] * 17) + text[0]) & (Slots - 1);
}
