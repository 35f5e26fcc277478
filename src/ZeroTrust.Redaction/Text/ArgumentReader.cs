using System.Buffers;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// The secrets among the arguments of a command line: behind an option with a telling name (<c>--password …</c>, <c>-AccessKey …</c>),
/// and behind the short options
/// of the programs that are known to have them (<c>mysql -p…</c>, <c>curl -u user:…</c>).
/// </summary>
internal static class ArgumentReader
{
    private const int Sample = 256;
    private const int MaxName = 64;
    private const int MaxBefore = 1024;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> Gaps = SearchValues.Create(" \t\"'");
    private static readonly SearchValues<char> AttachedEnds = SearchValues.Create(" \t\r\n\"'");
    private static readonly SearchValues<char> OptionEnds = SearchValues.Create(" \t\r\n=\"'");
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n");

    /// <summary>
    /// The short options that take a secret, by program, and how: as the next word or attached, alone or behind a user and a colon.
    /// </summary>
    private static readonly (string Program, string Option, bool IsAttached, bool IsBehindUser)[] Short =
    [
        ("mysql", "-p", true, false), ("mariadb", "-p", true, false), ("mysqladmin", "-p", true, false), ("mysqldump", "-p", true, false),
        ("sshpass", "-p", false, false), ("sshpass", "-p", true, false), ("redis-cli", "-a", false, false),
        ("valkey-cli", "-a", false, false),
        ("sqlcmd", "-P", false, false), ("sqlcmd", "-P", true, false), ("bcp", "-P", false, false), ("bcp", "-P", true, false),
        ("osql", "-P", false, false),
        ("docker login", "-p", false, false), ("podman login", "-p", false, false), ("helm registry login", "-p", false, false),
        ("oc login", "-p", false, false), ("az login", "-p", false, false),
        ("mongo", "-p", false, false), ("mongosh", "-p", false, false), ("mongodump", "-p", false, false),
        ("ldapsearch", "-w", false, false), ("ldapmodify", "-w", false, false),
        ("useradd", "-p", false, false), ("usermod", "-p", false, false), ("htpasswd", "-b", false, false),
        ("smbclient", "-U", false, true), ("ipmitool", "-P", false, false),
        ("snmpwalk", "-A", false, false), ("snmpwalk", "-X", false, false), ("http", "-a", false, true), ("https", "-a", false, true),
        ("influx", "-t", false, false),
        ("curl", "-u", false, true), ("curl", "-U", false, true), ("curl", "--user", false, true), ("curl", "--proxy-user", false, true),
        ("wget", "-u", false, true),
        ("cqlsh", "-p", false, false), ("xfreerdp", "/p:", true, false), ("schtasks", "/rp", false, false),
        ("schtasks", "/p", false, false), ("7z", "-p", true, false),
        ("zip", "-P", false, false), ("unzip", "-P", false, false), ("rar", "-p", true, false), ("nats", "--password", false, false),
        ("lftp", "-u", false, true),
    ];

    private static readonly SearchValues<string> Verbs = SearchValues.Create(["ConvertTo-SecureString", "user-secrets set"], StringComparison.OrdinalIgnoreCase);

    public static void Read(in TextView view, int from, FindingList found)
    {
        var text = view.Text;
        var kind = SecretKind.None;
        for (var at = from; at < text.Length && text[at..].IndexOfAny(Gaps) is >= 0 and var next;)
        {
            at += next + 1;
            if (at >= text.Length || text[at] is not ('-' or '/'))
            {
                continue;
            }

            at = ReadOption(view, from, at, ref kind, found);
        }
    }

    /// <summary>What certain commands take with no option in front of it.</summary>
    public static void ReadVerbs(in TextView view, int from, FindingList found)
    {
        if (view.Text[from..].IndexOfAny(Verbs) is >= 0 and var verb)
        {
            ReadVerb(view, from + verb, found);
        }
    }

    private static int ReadOption(in TextView view, int from, int at, ref SecretKind named, FindingList found)
    {
        var text = view.Text;
        var option = text[at..Math.Min(text.Length, at + MaxName)];
        option = option.IndexOfAny(OptionEnds) is >= 0 and var length ? option[..length] : option;
        var end = at + option.Length;
        if (TryShort(view, from, at, option, found))
        {
            return end;
        }

        if (end >= text.Length || text[end] is not (' ' or '\t'))
        {
            return end;
        }

        // The value of --value is that of the --name in front of it.
        var name = option.TrimStart("-/");
        var (start, stop) = Word(text, end);
        if (name.Equals("name", StringComparison.OrdinalIgnoreCase) || name is "n")
        {
            named = stop - start is > 0 and <= MaxName ? SecretName.Classify(text[start..stop]) : SecretKind.None;
            return end;
        }

        if (option[0] == '/' && name.ContainsAnyExcept(Characters.Letters))
        {
            return end; // a path
        }

        var kind = name.Equals("value", StringComparison.OrdinalIgnoreCase) || name.Equals("secret-string", StringComparison.OrdinalIgnoreCase) ? named : SecretName.Classify(name);
        if (kind != SecretKind.None && stop > start && text[start] != '-' && SecretValue.IsSecret(kind, Evidence.Member, text[start..Math.Min(stop, start + Sample)]))
        {
            found.Add(view.PlaceOf(start), view.PlaceOf(stop), PairReader.Marker);
        }

        return end;
    }

    private static bool TryShort(in TextView view, int from, int at, ReadOnlySpan<char> option, FindingList found)
    {
        var text = view.Text;
        if (option.Length < 2)
        {
            return false;
        }

        var before = text[Math.Max(from, at - MaxBefore)..at];
        foreach (var (program, flag, isAttached, isBehindUser) in Short)
        {
            if (option[1] != flag[1] || !option.StartsWith(flag) || (isAttached ? option.Length == flag.Length : option.Length > flag.Length) || !Has(before[(before.LastIndexOfAny(LineEnds) + 1)..], program))
            {
                continue;
            }

            var (start, stop) = isAttached ? Attached(text, at + flag.Length) : Word(text, at + option.Length);
            var colon = isBehindUser ? text[start..stop].IndexOfAny(':', '%') + 1 : 0;
            if (isBehindUser && colon == stop - start && IsPassword(text[start..Math.Max(start, stop - 1)]))
            {
                (colon, stop) = (0, stop - 1); // a key in the place of the user
            }
            else if (isBehindUser && (colon == 0 || !IsPassword(text[(start + colon)..stop])))
            {
                continue;
            }

            if (stop > start + colon && SecretValue.IsSecret(SecretKind.Password, Evidence.Member, text[(start + colon)..Math.Min(stop, start + colon + Sample)]))
            {
                found.Add(view.PlaceOf(start + colon), view.PlaceOf(stop), PairReader.Marker);
                return true;
            }
        }

        return false;
    }

    /// <summary>A user with a password that is more than a word: "username:token" is how to call a program.</summary>
    private static bool IsPassword(ReadOnlySpan<char> text) => text.Length > 0 && text.ContainsAnyExcept(Characters.LowerLetters);

    /// <summary>Whether the program stands in front, as a word or as the end of a path.</summary>
    private static bool Has(ReadOnlySpan<char> before, string program)
    {
        for (var at = 0; before[at..].IndexOf(program, StringComparison.Ordinal) is >= 0 and var found; at += program.Length)
        {
            at += found;
            var end = at + program.Length;
            if ((at == 0 || before[at - 1] is ' ' or '/' or '\t' or '"' or '\'' or '(' or '`' or '=') && (end == before.Length || before[end] is ' ' or '"' or '\'' or '.' or '\t'))
            {
                return true;
            }
        }

        return false;
    }

    private static void ReadVerb(in TextView view, int at, FindingList found)
    {
        var text = view.Text;
        at += text[at..].IndexOf(' ') is >= 0 and var space ? space : text.Length - at;
        var (start, stop) = Word(text, at);
        if (text[start..stop].Equals("set", StringComparison.Ordinal))
        {
            (start, stop) = Word(text, stop);
            var kind = SecretName.Classify(text[start..Math.Min(stop, start + MaxName)]);
            (start, stop) = Word(text, stop + (stop < text.Length && text[stop] is '"' or '\'' ? 1 : 0));
            if (kind == SecretKind.None)
            {
                return;
            }
        }

        if (stop > start && text[start] is not ('-' or '$') && SecretValue.IsSecret(SecretKind.Password, Evidence.Member, text[start..Math.Min(stop, start + Sample)]))
        {
            found.Add(view.PlaceOf(start), view.PlaceOf(stop), PairReader.Marker);
        }
    }

    private static (int Start, int Stop) Attached(ReadOnlySpan<char> text, int start)
    {
        if (start < text.Length && text[start] is '"' or '\'')
        {
            return Word(text, start);
        }

        var end = text[start..].IndexOfAny(AttachedEnds) is >= 0 and var length ? start + length : text.Length;
        return (start, end);
    }

    /// <summary>The next word, without its quotes.</summary>
    private static (int Start, int Stop) Word(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        if (at == text.Length)
        {
            return (at, at);
        }

        if (text[at] is '"' or '\'')
        {
            var close = text[(at + 1)..].IndexOfAny(text[at], '\r', '\n');
            return (at + 1, close < 0 ? text.Length : at + 1 + close);
        }

        var end = text[at..].IndexOfAny(WordEnds);
        return (at, end < 0 ? text.Length : at + end);
    }
}
