namespace ZeroTrust.Shared;

/// <summary>Finds the known name that a misspelt one was meant to be.</summary>
internal static class NearestName
{
    // Known names are shorter; what is longer is no slip of the hand, and the work stays bounded.
    private const int MaxLength = 64;
    private const int MinPart = 3;

    /// <summary>The nearest name within a third of its letters, or of which the text is a part; otherwise none.</summary>
    public static string? Of(string text, IEnumerable<string> names)
    {
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var name in names)
        {
            var limit = Math.Max(1, Math.Max(name.Length, text.Length) / 3);
            var distance = Distance(text, name);
            if (distance > limit && IsPart(text, name))
            {
                distance = limit;
            }

            if (distance <= limit && (distance < least || distance == least && SharedStart(text, name) > SharedStart(text, nearest!)))
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>Letters to insert, drop, replace or swap with their neighbour, without regard to case (optimal string alignment).</summary>
    public static int Distance(string left, string right)
    {
        if (left.Length > MaxLength || right.Length > MaxLength)
        {
            return int.MaxValue;
        }

        left = left.ToUpperInvariant();
        right = right.ToUpperInvariant();
        Span<int> before = stackalloc int[MaxLength + 1];
        Span<int> above = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            above.CopyTo(before);
            row.CopyTo(above);
        }

        return above[right.Length];
    }

    private static bool IsPart(string text, string name) =>
        Math.Min(text.Length, name.Length) >= MinPart
        && (name.Contains(text, StringComparison.OrdinalIgnoreCase) || text.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static int SharedStart(string left, string right)
    {
        var length = 0;
        while (length < Math.Min(left.Length, right.Length) && char.ToUpperInvariant(left[length]) == char.ToUpperInvariant(right[length]))
        {
            length++;
        }

        return length;
    }
}
