using System.Globalization;

namespace ZeroTrust.Shared;

/// <summary>Whether a text is a value of its kind; what the generated binder would throw on, or read as something else, is none.</summary>
internal static class SettingValue
{
    public static bool IsValid(SettingShape shape, string text) => shape.Kind switch
    {
        SettingKind.Flag => bool.TryParse(text, out _),
        SettingKind.Number => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        SettingKind.Time => IsTime(text),

        // Numbers are not names, although enumerations are parsed from both.
        SettingKind.Choice => shape.Choices.Contains(text, StringComparer.OrdinalIgnoreCase),
        _ => true,
    };

    // A number alone would be days, which nobody means but for none.
    private static bool IsTime(string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
        && (time == TimeSpan.Zero || text.Contains(':', StringComparison.Ordinal));
}
