using System.Buffers;

namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the values of an LDAP filter (RFC 4515) by <c>?</c>; attributes, operators and <c>*</c> for presence stay. What is no part of a
/// filter goes.
/// </summary>
internal static class LdapFilter
{
    private static readonly SearchValues<char> Attribute =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.;:_");

    /// <summary>Whether a text looks like a filter: <c>(&amp;…)</c>, <c>(a=b)</c>.</summary>
    public static bool Applies(ReadOnlySpan<char> text) =>
        text is ['(', '&' or '|' or '!', '(', ..]
            || (text is ['(', ..] && OperatorLength(text, AttributeEnd(text, 1)) > 0 && text.TrimEnd() is [.., ')']);

    public static string Strip(string filter)
    {
        var text = filter.AsSpan();
        var writer = new StatementWriter(filter);
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]) || text[at] == ')' || text[at..] is ['(', '&' or '|' or '!', ..])
            {
                at += text[at] == '(' ? 2 : 1;
                continue;
            }

            var attribute = text[at] == '(' ? AttributeEnd(text, at + 1) : at;
            var start = attribute + OperatorLength(text, attribute);
            var end = text[start..].IndexOfAny('(', ')') is >= 0 and var length ? start + length : text.Length;
            if (text[at] == '(' && start > attribute)
            {
                at = end;
                if (text[start..end] is not ("" or "*"))
                {
                    writer.Replace(start, end);
                }
            }
            else
            {
                // What stands where an item should is no item.
                start = text[at] == '(' ? at + 1 : at;
                at = text[start..].IndexOfAny('(', ')') is >= 0 and var other ? start + other : text.Length;
                if (at > start)
                {
                    writer.Replace(start, at);
                }
            }
        }

        return writer.Finish();
    }

    private static int AttributeEnd(ReadOnlySpan<char> text, int at) =>
        text[at..].IndexOfAnyExcept(Attribute) is >= 0 and var length ? at + length : text.Length;

    private static int OperatorLength(ReadOnlySpan<char> text, int at) => text[at..] switch
    {
        ['=', ..] => 1,
        ['~' or '<' or '>', '=', ..] => 2,
        _ => 0,
    };
}
