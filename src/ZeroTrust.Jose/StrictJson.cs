using System.Text.Json;
using System.Text.Unicode;
using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>JSON without the freedoms that let two readers of one token disagree.</summary>
/// <remarks>
/// One object, well-formed UTF-8, no comments, no trailing commas, no member named twice in any object, no half of a surrogate
/// pair in any string. A reader that took the last of two members where another took the first would see another tenant.
/// </remarks>
public static class StrictJson
{
    /// <summary>The depth allowed when a caller gives none.</summary>
    public const int DefaultMaxDepth = 8;

    private const int MaxNameLength = 64;

    /// <summary>Parses one JSON object; never throws for its content.</summary>
    /// <param name="utf8Json">The text. The caller keeps it unchanged as long as the document lives.</param>
    /// <param name="maxDepth">The deepest nesting, from 1.</param>
    /// <returns>The document, whose strings can all be read; or <c>jose.json_invalid</c> or <c>jose.duplicate_member</c>.</returns>
    public static Verdict<JsonDocument> ParseObject(ReadOnlyMemory<byte> utf8Json, int maxDepth = DefaultMaxDepth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDepth, 1);
        if (!Utf8.IsValid(utf8Json.Span))
        {
            return JoseRejections.Refuse(JoseRejectionReason.JsonInvalid, "Not well-formed UTF-8 (RFC 8259 section 8.1).");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException exception)
        {
            return JoseRejections.Refuse(JoseRejectionReason.JsonInvalid, Describe(exception, utf8Json.Span, maxDepth));
        }

        var refusal = document.RootElement.ValueKind == JsonValueKind.Object
            ? Check(document.RootElement)
            : JoseRejections.Refuse(JoseRejectionReason.JsonInvalid, "Not a JSON object.");
        if (refusal is null)
        {
            return document;
        }

        document.Dispose();
        return refusal;
    }

    // In own words: the platform's quote a word that stands without quotation marks, which can be a claim about a person.
    private static string Describe(JsonException exception, ReadOnlySpan<byte> text, int maxDepth)
    {
        if (text.IsEmpty)
        {
            return "Not JSON: it is empty.";
        }

        if (text.StartsWith("\uFEFF"u8))
        {
            return "Not JSON: it begins with a byte order mark (RFC 8259 section 8.1).";
        }

        var line = exception.LineNumber.GetValueOrDefault();
        var position = exception.BytePositionInLine.GetValueOrDefault();
        var rest = text;
        for (var i = 0L; i < line && rest.Contains((byte)'\n'); i++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        var found = position >= rest.Length ? "the end"
            : rest[(int)position] is > (byte)' ' and <= (byte)'~' and var character ? $"'{(char)character}'"
            : $"0x{rest[(int)position]:X2}";
        return $"Not JSON as RFC 8259 writes it, or deeper than {maxDepth}: unexpected is {found} at byte {position + 1} of line {line + 1}.";
    }

    private static Rejection? Check(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => CheckObject(element),
                JsonValueKind.Array => element.EnumerateArray().Select(Check).FirstOrDefault(refusal => refusal is not null),
                JsonValueKind.String => element.GetString() is null ? throw new InvalidOperationException() : null,
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return JoseRejections.Refuse(JoseRejectionReason.JsonInvalid, "A string holds half of a surrogate pair.");
        }
    }

    private static Rejection? CheckObject(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!names.Add(member.Name))
            {
                return JoseRejections.Refuse(JoseRejectionReason.DuplicateMember, $"An object names a member twice: {NameOf(member.Name)}.");
            }

            if (Check(member.Value) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    // A name of another's choice: what is not plain is not repeated.
    private static string NameOf(string name) => name.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? "a name that is not printable ASCII"
        : name.Length > MaxNameLength ? name[..MaxNameLength] + "…" : name;
}
