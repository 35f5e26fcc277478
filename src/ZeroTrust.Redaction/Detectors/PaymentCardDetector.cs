namespace ZeroTrust.Redaction.Detectors;

/// <summary>
/// A payment card number: 13 to 19 digits, alone or in groups divided by one kind of separator, with the beginning of a card scheme and a
/// right check digit, and what a track has beside it. A check digit is right in one number of ten, so a name of an id in front keeps the
/// number, and a length that few cards have needs a word of payments near it. Digits inside a longer word, such as a hash, are no card.
/// </summary>
internal readonly struct PaymentCardDetector : IBuiltInDetector
{
    private const string Marker = "[card]";
    private const string JsonMarker = "\"[card]\"";

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var start = from; text[start..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            start += found;
            var group = Characters.Run(text[start..], Characters.Decimal);
            if ((group >= CardScheme.MinDigits || Separator.LengthAt(text[(start + group)..]) > 0) && TryCard(text, start, out var end))
            {
                finding = Find(text, from, start, end);
                return true;
            }

            // A card may begin with any group: "order 12 4111 1111 1111 1111".
            start += group;
        }

        finding = default;
        return false;
    }

    private static bool TryCard(ReadOnlySpan<char> text, int start, out int end)
    {
        Span<int> groups = stackalloc int[CardScheme.MaxDigits];
        var number = new CardNumber(stackalloc char[CardScheme.MaxDigits], groups);
        var separator = ReadOnlySpan<char>.Empty;
        end = start;
        while (true)
        {
            var group = text.Slice(end, Characters.Run(text[end..], Characters.Decimal));
            if (group.IsEmpty || !number.TryAdd(group))
            {
                return false;
            }

            end += group.Length;
            if (number.Digits.Length >= CardScheme.MinDigits
                && StandsAlone(text, start, end)
                && CardScheme.IsCard(number.Digits)
                && HasEvidence(text, start, end, number))
            {
                return true;
            }

            var length = Separator.LengthAt(text[end..]);
            if (length == 0 || (!separator.IsEmpty && !text.Slice(end, length).SequenceEqual(separator)))
            {
                return false;
            }

            separator = text.Slice(end, length);
            end += length;
        }
    }

    private static bool HasEvidence(ReadOnlySpan<char> text, int start, int end, in CardNumber number)
    {
        if (number.IsPrinted || CardTrack.LengthBehind(text[end..]) > 0)
        {
            return true;
        }

        var isUsual = !number.IsGrouped && (number.Digits.Length == CardScheme.UsualDigits || CardScheme.IsAmericanExpress(number.Digits));
        return !CardContext.NamesId(text, start) && (isUsual || IsAll(text, start, end, number) || CardContext.NamesCard(text, start, end));
    }

    /// <summary>A text that is nothing else. Longer ones are ids.</summary>
    private static bool IsAll(ReadOnlySpan<char> text, int start, int end, in CardNumber number) =>
        number.Digits.Length <= CardScheme.UsualDigits && text[..start].IsWhiteSpace() && text[end..].IsWhiteSpace();

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end) =>
        (!Characters.IsInsideWord(text, start) || CardTrack.BeginsBefore(text, start, end) || IsEscape(text, start))
        && !IsFraction(text, start)
        && (end == text.Length || CardTrack.LengthBehind(text[end..]) > 0 || !GoesOn(text[end..]));

    private static bool GoesOn(ReadOnlySpan<char> rest) =>
        char.IsLetterOrDigit(rest[0]) || (rest is ['.', var next, ..] && char.IsAsciiDigit(next));

    /// <summary>The letter of an escaped line break is of no word.</summary>
    private static bool IsEscape(ReadOnlySpan<char> text, int start) =>
        start > 1 && text[start - 2] == '\\' && text[start - 1] is 'n' or 't' or 'r';

    private static bool IsFraction(ReadOnlySpan<char> text, int start) =>
        start > 1 && text[start - 1] == '.' && char.IsAsciiDigit(text[start - 2]);

    private static Finding Find(ReadOnlySpan<char> text, int from, int start, int end)
    {
        if (CardTrack.LengthBehind(text[end..]) is > 0 and var track)
        {
            start = Math.Max(from, CardTrack.StartOf(text, start));
            return new(start, end + track - start, Marker);
        }

        return new(start, end - start, IsJsonNumber(text, start, end) ? JsonMarker : Marker);
    }

    /// <summary>A number of JSON becomes a text of JSON.</summary>
    private static bool IsJsonNumber(ReadOnlySpan<char> text, int start, int end)
    {
        var before = text[..start].TrimEnd(' ');
        var behind = text[end..].TrimStart(' ');
        return before is [.., '"', ':'] && behind is [',' or '}' or ']', ..];
    }
}
