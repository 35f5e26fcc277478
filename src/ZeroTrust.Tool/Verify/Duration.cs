using System.Globalization;

namespace ZeroTrust.Tool.Verify;

/// <summary>Durations as people write them (<c>30m</c>, <c>24h</c>, <c>7d</c>) and as the configuration does (<c>1.00:00:00</c>).</summary>
internal static class Duration
{
    private const int MaxNumber = 100_000;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length > 1 && Unit(text[^1]) is { } unit)
        {
            var isNumber = int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxNumber;
            duration = unit * number;
            return isNumber;
        }

        // A bare number would be read as days.
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration);
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
