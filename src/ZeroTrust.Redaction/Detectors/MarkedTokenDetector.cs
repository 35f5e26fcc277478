using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>A token of a vendor that is told by what stands in its middle, not by its beginning.</summary>
internal readonly struct MarkedTokenDetector : IBuiltInDetector
{
    private const int AzureBefore = 4;
    private const int AzureMin = 31;
    private const int AzureMax = 34;
    private const int TelegramIdMin = 8;
    private const int TelegramIdMax = 10;
    private const int TelegramSecret = 34;
    private const int MailchimpKey = 32;
    private const int FacebookIdMin = 15;
    private const int FacebookIdMax = 16;
    private const int FacebookMin = 27;
    private const int FacebookMax = 40;
    private const int NpmMin = 8;
    private const int SidekiqHalf = 8;
    private const int OnePassword = 38;
    private const string Sidekiqs = "[token:sidekiq]";

    private static readonly SearchValues<string> Marks = SearchValues.Create(["Q~", ":AA", "-us", "|", ":_authToken=", "CONTRIBSYS__COM", "A3-"], StringComparison.Ordinal);
    private static readonly SearchValues<char> AzureCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.-");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:/_");

    public static bool TryFind(ReadOnlySpan<char> text, int from, out Finding finding)
    {
        for (var at = from; text[at..].IndexOfAny(Marks) is >= 0 and var found; at++)
        {
            at += found;
            var (start, length, vendor) = text[at] switch
            {
                'Q' => Azure(text, from, at),
                ':' => text[at + 1] == 'A' ? Telegram(text, from, at) : Npm(text, from, at),
                '-' => Mailchimp(text, from, at),
                '|' => Facebook(text, from, at),
                'C' => Sidekiq(text, at),
                _ => OnePasswordKey(text, at),
            };
            if (length > 0 && (vendor == Sidekiqs || new TextTraits(text.Slice(start, length)).MayHoldToken))
            {
                finding = new(start, length, vendor);
                return true;
            }
        }

        finding = default;
        return false;
    }

    private static (int Start, int Length, string Marker) Azure(ReadOnlySpan<char> text, int from, int at)
    {
        var start = at - AzureBefore;
        var rest = text[(at + 2)..Math.Min(text.Length, at + 2 + AzureMax + 1)];
        var body = rest[..Characters.Run(rest, AzureCharacters)].TrimEnd('.').Length;
        return start >= from && char.IsAsciiDigit(text[at - 1]) && Characters.RunBack(text[from..at], AzureCharacters, AzureBefore) == AzureBefore
            && body is >= AzureMin and <= AzureMax && Randomness.Entropy(text.Slice(at + 2, body)) >= 3
            ? (start, at + 2 + body - start, "[token:azure]")
            : default;
    }

    private static (int Start, int Length, string Marker) Telegram(ReadOnlySpan<char> text, int from, int at)
    {
        var id = Characters.RunBack(text[from..at], Characters.Decimal, TelegramIdMax + 1);
        var body = Characters.Run(text[(at + 2)..Math.Min(text.Length, at + 2 + TelegramSecret + 1)], Characters.Base64Url);
        return id is >= TelegramIdMin and <= TelegramIdMax && body == TelegramSecret && Randomness.Entropy(text.Slice(at + 2, body)) >= 3
            ? (at - id, id + 2 + body, "[token:telegram]")
            : default;
    }

    private static (int Start, int Length, string Marker) Mailchimp(ReadOnlySpan<char> text, int from, int at)
    {
        var key = Characters.RunBack(text[from..at], Characters.Hex, MailchimpKey + 1);
        var center = Characters.Run(text[(at + 3)..Math.Min(text.Length, at + 6)], Characters.Decimal);
        return key == MailchimpKey && center is 1 or 2 && !Characters.IsInsideWord(text, at - key) ? (at - key, key + 3 + center, "[token:mailchimp]") : default;
    }

    private static (int Start, int Length, string Marker) Facebook(ReadOnlySpan<char> text, int from, int at)
    {
        var id = Characters.RunBack(text[from..at], Characters.Decimal, FacebookIdMax + 1);
        var body = Characters.Run(text[(at + 1)..Math.Min(text.Length, at + 1 + FacebookMax + 1)], Characters.Base64Url);
        return id is FacebookIdMin or FacebookIdMax && body is >= FacebookMin and <= FacebookMax && Randomness.Entropy(text.Slice(at + 1, body)) >= 3
            ? (at - id, id + 1 + body, "[token:facebook]")
            : default;
    }

    /// <summary>What npm writes in its configuration: <c>//registry.example/:_authToken=…</c>.</summary>
    private static (int Start, int Length, string Marker) Npm(ReadOnlySpan<char> text, int from, int at)
    {
        var before = text[from..at];
        var host = before[^Characters.RunBack(before, HostCharacters, SecretName.MaxLength)..];
        var start = at + ":_authToken=".Length;
        start += text[start..].StartsWith(" ") ? 1 : 0;
        var body = Characters.Run(text[start..], Characters.Base64);
        return body >= NpmMin && host.Length > 3 && host[^1] == '/' && host.LastIndexOf("//") is >= 0 and var slashes && slashes < host.Length - 3 && host[slashes + 2] != '/'
            ? (start, body, "[token:npm]")
            : default;
    }

    private static (int Start, int Length, string Marker) Sidekiq(ReadOnlySpan<char> text, int at)
    {
        var gap = text[(at + "CONTRIBSYS__COM".Length)..];
        var value = gap[..Math.Min(gap.Length, 8)].TrimStart(":= \"'");
        var start = at + "CONTRIBSYS__COM".Length + Math.Min(gap.Length, 8) - value.Length;
        var rest = text[start..];
        return rest.Length > 2 * SidekiqHalf && Characters.Run(rest, Characters.Hex) == SidekiqHalf && rest[SidekiqHalf] == ':'
            && Characters.Run(rest[(SidekiqHalf + 1)..], Characters.Hex) == SidekiqHalf
            ? (start, (2 * SidekiqHalf) + 1, Sidekiqs)
            : default;
    }

    /// <summary>The secret key of an account: <c>A3-</c>, then groups of 6, 6 (or 11), 5, 5, 5.</summary>
    private static (int Start, int Length, string Marker) OnePasswordKey(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..Math.Min(text.Length, at + OnePassword + 4)];
        var end = 0;
        var groups = 0;
        while (end < rest.Length && Characters.Run(rest[end..], Characters.UpperDigits) is > 0 and var group)
        {
            end += group;
            groups++;
            if (end == rest.Length || rest[end] != '-')
            {
                break;
            }

            end++;
        }

        return groups is 6 or 7 && end is >= OnePassword and <= OnePassword + 2 && !Characters.IsInsideWord(text, at) && Randomness.Entropy(rest[3..end]) >= 3
            ? (at, end, "[token:1password]")
            : default;
    }
}
