namespace ZeroTrust.Redaction.Detectors;

/// <summary>The words of a name or a sentence, one by one, in any casing: <c>orderId</c> and <c>ORDER_ID</c> have two.</summary>
internal static class LastWords
{
    /// <summary>Takes the last word off a text.</summary>
    /// <param name="text">The text; afterwards what stands before the word.</param>
    /// <param name="gap">What stood behind the word.</param>
    /// <returns>The word, empty where there is none left.</returns>
    public static ReadOnlySpan<char> TakeLast(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> gap)
    {
        var end = text.Length;
        while (end > 0 && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        gap = text[end..];
        var start = end;
        while (start > 0 && char.IsLetter(text[start - 1]) && !(start < end && char.IsUpper(text[start]) && char.IsLower(text[start - 1])))
        {
            start--;
        }

        var word = text[start..end];
        text = text[..start];
        return word;
    }
}
