using System.Buffers;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Names;

namespace ZeroTrust.Redaction.Text;

/// <summary>
/// Users and passwords with no name in front of them: <c>user:…@tcp(host)</c> of Go's MySQL, <c>user/…@host</c> of Oracle.
/// </summary>
internal static class ConnectReader
{
    private const int MaxUser = 64;
    private const int MaxBefore = 256;

    private static readonly SearchValues<string> Networks = SearchValues.Create(["@tcp(", "@unix(", "@udp("], StringComparison.Ordinal);
    private static readonly SearchValues<string> Programs =
        SearchValues.Create(["jdbc:oracle:", "sqlplus", "userid=", "expdp", "impdp", "sqlldr", "rman ", "exp ", "imp "], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> UserBegins = SearchValues.Create(" \t\"'`=");
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n'`");

    public static void Read(in TextView view, int from, FindingList found)
    {
        var text = view.Text;
        for (var at = from; text[at..].IndexOfAny(Networks) is >= 0 and var next; at++)
        {
            at += next;
            var start = Math.Max(from, at - MaxBefore);
            start += text[start..at].LastIndexOfAny(UserBegins) + 1;
            var colon = text[start..at].IndexOf(':');
            Hide(view, colon < 0 ? at : start + colon + 1, at, found);
        }

        for (var at = from; text[at..].IndexOfAny(Programs) is >= 0 and var next; at++)
        {
            at += next;
            var slash = text[at..].IndexOf('/');
            if (slash <= 0)
            {
                return;
            }

            slash += at;
            var user = Characters.RunBack(text[from..slash], Characters.Name, MaxUser);
            var isQuoted = slash + 1 < text.Length && text[slash + 1] == '"';
            var start = slash + (isQuoted ? 2 : 1);
            var rest = text[start..];
            var word = isQuoted ? rest.IndexOf('"') : rest.IndexOfAny(WordEnds);
            word = word < 0 ? rest.Length : word;
            var end = isQuoted ? word : rest[..word].LastIndexOf('@');
            if (user > 0 && end > 0)
            {
                Hide(view, start, start + end, found);
            }

            at = slash;
        }
    }

    private static void Hide(in TextView view, int start, int end, FindingList found)
    {
        if (end > start && SecretValue.IsSecret(SecretKind.Password, Evidence.List, view.Text[start..end]))
        {
            found.Add(view.PlaceOf(start), view.PlaceOf(end), PairReader.Marker);
        }
    }
}
