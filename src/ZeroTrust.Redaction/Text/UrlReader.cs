using System.Buffers;
using System.Collections.Frozen;
using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// The user and the query of URLs (RFC 3986), and the query of a path that stands as a word of its own. The path stays, as in the
/// platform's own <c>url.full</c>.
/// A URL that is none, because its password has raw <c>/</c>, <c>#</c> or <c>?</c>, is read as its author meant it.
/// </summary>
internal static class UrlReader
{
    public const string UserMarker = "REDACTED:REDACTED";
    private const string QueryMarker = "*";
    private const string Separator = "://";
    private const int MaxScheme = 32;
    private const int ShortestDrawn = 20;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Telling = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "reset", "reset-password", "password-reset", "resetpassword", "verify", "verify-email", "confirm", "confirmation", "activate",
        "activation", "invite", "invitation", "unsubscribe", "magic",
        "magic-link", "hook", "hooks", "webhook", "webhooks", "incoming", "p", "share", "set-password", "recover",
        "recovery").GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> WordEnds = SearchValues.Create("\"<> \t\r\n");
    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?#\\");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[],%");

    public static void Read(in TextView view, int from, DetectorKinds kinds, FindingList found)
    {
        var text = view.Text;
        for (var start = from; start < text.Length;)
        {
            var word = text[start..];
            var end = word.IndexOfAny(WordEnds);
            word = end < 0 ? word : word[..end];

            // Several in a list: the scheme of the next one begins behind a comma.
            var first = word.IndexOf(Separator, StringComparison.Ordinal);
            var next = first < 0 ? -1 : word[(first + Separator.Length)..].IndexOf(Separator, StringComparison.Ordinal);
            if (next >= 0 && word[..(first + Separator.Length + next)].LastIndexOfAny(',', ';', '|') is var comma && comma > first)
            {
                word = word[..comma];
            }

            ReadWord(view, start, word, kinds, found);
            start += word.Length + 1;
        }
    }

    private static void ReadWord(in TextView view, int start, ReadOnlySpan<char> word, DetectorKinds kinds, FindingList found)
    {
        var hidesQueries = (kinds & DetectorKinds.UrlQueries) != DetectorKinds.None;
        var separator = word.IndexOf(Separator, StringComparison.Ordinal);
        if (separator < 0)
        {
            if (word.StartsWith('/') && word.IndexOf('?') + 1 is > 0 and var path && hidesQueries)
            {
                Hide(view, start + path, start + word.Length, QueryMarker, found);
                word = word[..(path - 1)];
            }

            if (word.StartsWith('/') && (kinds & DetectorKinds.NamedSecrets) != DetectorKinds.None)
            {
                ReadPath(view, start, word, found);
            }

            return;
        }

        // An apostrophe is allowed in a password, but the one that opened the URL closes it.
        var scheme = separator - Characters.RunBack(word[..separator], Characters.Dotted, MaxScheme);
        if (scheme > 0 && word[scheme - 1] is '\'' or '`' && word[separator..].LastIndexOf(word[scheme - 1]) is > 0 and var closing)
        {
            word = word[..(separator + closing)];
        }

        var authority = separator + Separator.Length;
        var user = UserLength(word[authority..], word[scheme..separator]);
        if (user > 0 && (kinds & DetectorKinds.UrlUsers) != DetectorKinds.None && !IsTemplate(word.Slice(authority, user), word[(authority + user)..].TrimStart('@')))
        {
            Hide(view, start + authority, start + authority + user, UserMarker, found);
        }

        var host = authority + user;
        if (hidesQueries && word[host..].IndexOfAny('?', '#') is >= 0 and var mark)
        {
            Hide(view, start + host + mark + 1, start + word.Length, QueryMarker, found);
            word = word[..(host + mark)];
        }

        if ((kinds & DetectorKinds.NamedSecrets) != DetectorKinds.None)
        {
            ReadPath(view, start + host, word[host..], found);
        }
    }

    /// <summary>What was drawn behind a segment that tells of it: the token of a reset, the address of a webhook.</summary>
    private static void ReadPath(in TextView view, int start, ReadOnlySpan<char> path, FindingList found)
    {
        var tells = false;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (tells && segment.Length >= ShortestDrawn && segment.ContainsAny(Characters.Decimal) && !segment.ContainsAny('.', ':') && !Guid.TryParseExact(segment, "D", out _) && Names.SecretValue.LooksDrawn(segment))
            {
                Hide(view, start + range.Start.Value, start + range.End.Value, PairReader.Marker, found);
            }

            tells |= Telling.Contains(segment);
        }
    }

    /// <summary>A password that is hidden already, or a place for one, stays with its user; not in front of what looks like the domain of an address.</summary>
    private static bool IsTemplate(ReadOnlySpan<char> user, ReadOnlySpan<char> host) =>
        MailDomain.LengthAt(host) == 0 && user.IndexOf(':') is >= 0 and var colon && colon + 1 < user.Length && Names.SecretValue.IsPlaceholder(user[(colon + 1)..]);

    /// <summary>How long the user information is, without its sign.</summary>
    private static int UserLength(ReadOnlySpan<char> rest, ReadOnlySpan<char> scheme)
    {
        var end = rest.IndexOfAny(AuthorityEnds);
        var authority = end < 0 ? rest : rest[..end];
        var at = authority.LastIndexOf('@');
        var isWeb = scheme.StartsWith("http", StringComparison.OrdinalIgnoreCase) || scheme.StartsWith("ws", StringComparison.OrdinalIgnoreCase);
        if (end < 0 || (at < 0 ? !HasPassword(authority) : isWeb))
        {
            return Math.Max(0, at);
        }

        // What follows the first / may belong to the password still, where a host stands behind a later sign.
        var last = rest.LastIndexOf('@');
        return last > at && IsHost(rest[(last + 1)..]) ? last : Math.Max(0, at);
    }

    /// <summary>A colon with no port behind it.</summary>
    private static bool HasPassword(ReadOnlySpan<char> authority)
    {
        var colon = authority.IndexOf(':');
        return colon == 0 || (colon > 0 && authority[0] != '[' && authority[(colon + 1)..].ContainsAnyExcept(Characters.Decimal));
    }

    private static bool IsHost(ReadOnlySpan<char> text)
    {
        var host = Characters.Run(text, HostCharacters);
        return host > 0 && char.IsAsciiLetterOrDigit(text[0]) | text[0] == '[' && (host == text.Length || text[host] is '/' or '?' or '\'' or ')' or ';');
    }

    private static void Hide(in TextView view, int start, int end, string marker, FindingList found)
    {
        if (end > start && !view.Text[start..end].SequenceEqual(marker))
        {
            found.Add(view.PlaceOf(start), view.PlaceOf(end), marker);
        }
    }
}
