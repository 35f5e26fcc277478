namespace ZeroTrust.Redaction.Detectors;

/// <summary>Digits that were read as the number of a card may be written, with the groups they stand in.</summary>
internal ref struct CardNumber
{
    private const int MaxGroups = CardScheme.MaxDigits;

    private readonly Span<char> _digits;
    private readonly Span<int> _groups;
    private int _count;
    private int _groupCount;

    /// <param name="digits">Room for <see cref="CardScheme.MaxDigits"/>.</param>
    /// <param name="groups">Room for as many.</param>
    public CardNumber(Span<char> digits, Span<int> groups)
    {
        _digits = digits;
        _groups = groups;
    }

    public readonly ReadOnlySpan<char> Digits => _digits[.._count];

    public readonly bool IsGrouped => _groupCount > 1;

    /// <summary>Whether the groups are those that are printed on cards: fours, or 4-6-5 and 4-6-4.</summary>
    public readonly bool IsPrinted
    {
        get
        {
            var groups = _groups[.._groupCount];
            return groups is [4, 6, 4 or 5] || (groups.Length > 1 && groups[^1] <= 4 && !groups[..^1].ContainsAnyExcept(4));
        }
    }

    public bool TryAdd(ReadOnlySpan<char> group)
    {
        if (_count + group.Length > _digits.Length || _groupCount == MaxGroups)
        {
            return false;
        }

        group.CopyTo(_digits[_count..]);
        _count += group.Length;
        _groups[_groupCount++] = group.Length;
        return true;
    }
}
