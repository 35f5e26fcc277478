namespace ZeroTrust.Shared;

/// <summary>Names of headers by their words, as operators make them up: whose, and what of a certificate.</summary>
internal static class CertificateHeaderWords
{
    private const int Client = 1;
    private const int Peer = 2;
    private const int Document = 4;
    private const int Channel = 8;
    private const int Anyone = Client | Peer | Document | Channel;

    /// <summary>Whole names: the samples of nginx have them so.</summary>
    public static readonly string[] Wholes = ["verified", "x-verified"];

    /// <summary>Words that are enough alone.</summary>
    public static readonly string[] Alone = ["mtls", "xfcc", "wscc", "wsru", "dn", "spiffe"];

    /// <summary>Last words.</summary>
    public static readonly string[] Last = ["cert", "certificate"];

    /// <summary>First words of a pair, with whose they are.</summary>
    public static readonly (string Word, int Whose)[] Holders =
    [
        ("client", Client), ("peer", Peer), ("cert", Document), ("certificate", Document), ("ssl", Channel), ("tls", Channel),
        ("https", Channel),
    ];

    /// <summary>
    /// Second words of a pair, directly behind the first, with whose they may be. A fingerprint of a channel is how somebody speaks, not
    /// who.
    /// </summary>
    public static readonly (string Word, int Whose)[] Attributes =
    [
        ("subject", Anyone), ("issuer", Anyone), ("serial", Anyone), ("serialnumber", Anyone), ("cn", Anyone), ("san", Anyone),
        ("sans", Anyone),
        ("verify", Anyone), ("verified", Anyone), ("fingerprint", Client | Peer | Document), ("thumbprint", Client | Peer | Document),
        ("sha1", Anyone), ("sha256", Anyone), ("identity", Peer), ("principal", Peer), ("valid", Document), ("chain", Document),
        ("pem", Document),
        ("der", Document), ("data", Document), ("hash", Document),
    ];

    // As the metric tells them: a closed set.
    private static readonly string[] AloneNames = [.. Alone.Select(static word => $"*-{word}-*")];
    private static readonly string[] LastNames = [.. Last.Select(static word => $"*-{word}")];
    private static readonly string[][] PairNames =
        [.. Holders.Select(static holder => Attributes.Select(attribute => $"*-{holder.Word}-{attribute.Word}-*").ToArray())];

    /// <param name="spelled">The name in small letters, digits and hyphens.</param>
    /// <returns>What the name is known by; null where nothing fits.</returns>
    public static string? Find(ReadOnlySpan<char> spelled)
    {
        foreach (var whole in Wholes)
        {
            if (spelled.SequenceEqual(whole))
            {
                return whole;
            }
        }

        var holder = -1;
        var last = default(ReadOnlySpan<char>);
        foreach (var range in spelled.Split('-'))
        {
            last = spelled[range];
            if ((FindAlone(last) ?? FindPair(holder, last)) is { } known)
            {
                return known;
            }

            holder = IndexOf(Holders, last);
        }

        return FindLast(last);
    }

    private static string? FindAlone(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Alone.Length; i++)
        {
            if (word.SequenceEqual(Alone[i]))
            {
                return AloneNames[i];
            }
        }

        return null;
    }

    private static string? FindPair(int holder, ReadOnlySpan<char> word)
    {
        if (holder < 0)
        {
            return null;
        }

        var attribute = IndexOf(Attributes, word);
        return attribute >= 0 && (Holders[holder].Whose & Attributes[attribute].Whose) != 0 ? PairNames[holder][attribute] : null;
    }

    private static string? FindLast(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < Last.Length; i++)
        {
            if (word.SequenceEqual(Last[i]))
            {
                return LastNames[i];
            }
        }

        return null;
    }

    private static int IndexOf((string Word, int Whose)[] words, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (word.SequenceEqual(words[i].Word))
            {
                return i;
            }
        }

        return -1;
    }
}
