using System.Collections.Frozen;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Optional;

/// <summary>A code that signs in once: four to eight digits behind words that say so.</summary>
internal readonly struct OneTimeCodeDetector : IBuiltInDetector
{
    private const string Marker = "[otp]";
    private const int Fewest = 4;
    private const int Most = 8;
    private const int Reach = 48;
    private const int MaxWords = 6;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Telling =
        Set("otp", "totp", "hotp", "mfa", "passcode", "pin", "tan");
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Qualifying =
        Set("verification", "security", "login", "time", "sms", "authentication", "confirmation", "access", "activation", "fa");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Characters.Decimal) is >= 0 and var found;)
        {
            at += found;
            var length = Characters.Run(text[at..], Characters.Decimal);
            if (length is >= Fewest and <= Most && StandsAlone(text, at, length) && IsNamed(text[Math.Max(0, at - Reach)..at]))
            {
                finding = new(at, length, Marker);
                return true;
            }

            at += length;
        }

        finding = default;
        return false;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int at, int length) =>
        !Characters.IsInsideWord(text, at) && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));

    private static bool IsNamed(ReadOnlySpan<char> before)
    {
        var hasCode = false;
        for (var i = 0; i < MaxWords; i++)
        {
            var word = LastWords.TakeLast(ref before, out var gap);
            if (word.IsEmpty || gap.ContainsAny(';', ',', '\n'))
            {
                break;
            }

            if (Telling.Contains(word) || (hasCode && Qualifying.Contains(word)))
            {
                return true;
            }

            hasCode |= word.Equals("code", StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] words) =>
        words.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
