using System.Globalization;
using System.Text;

namespace ZeroTrust.Shared;

/// <summary>Text of the configuration as a message may repeat it: short, and on one line.</summary>
internal static class SettingText
{
    private const int MaxLength = 128;

    public static string Clip(string text)
    {
        if (text.Length <= MaxLength && !text.Any(char.IsControl))
        {
            return text;
        }

        var clipped = new StringBuilder(MaxLength);
        foreach (var letter in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            _ = char.IsControl(letter)
                ? clipped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")
                : clipped.Append(letter);
        }

        return text.Length > MaxLength ? clipped.Append('…').ToString() : clipped.ToString();
    }
}
