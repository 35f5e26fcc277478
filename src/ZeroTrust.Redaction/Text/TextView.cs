namespace ZeroTrust.Redaction.Text;

/// <summary>
/// A text to read: the one that was given, or what is left of it once its escapes are read. It knows where each character came from.
/// </summary>
internal readonly ref struct TextView
{
    private readonly ReadOnlySpan<int> _places;

    /// <summary>The text that was given.</summary>
    public TextView(ReadOnlySpan<char> text) => Text = text;

    /// <param name="text">The characters behind the escapes.</param>
    /// <param name="places">For each where it begins in the text that was given, and one more where the last one ends.</param>
    public TextView(ReadOnlySpan<char> text, ReadOnlySpan<int> places)
    {
        Text = text;
        _places = places;
    }

    public ReadOnlySpan<char> Text { get; }

    /// <summary>Where a character begins in the text that was given.</summary>
    public int PlaceOf(int at) => _places.IsEmpty ? at : _places[at];

    /// <summary>The first character at a place or behind it.</summary>
    public int IndexOf(int place)
    {
        if (_places.IsEmpty)
        {
            return place;
        }

        var found = _places.BinarySearch(place);
        return Math.Min(found < 0 ? ~found : found, Text.Length);
    }

    /// <summary>The same up to a place.</summary>
    public TextView UpTo(int end) => _places.IsEmpty ? new(Text[..end]) : new(Text[..end], _places[..(end + 1)]);
}
