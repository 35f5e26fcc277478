using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>
/// Reads the claims of one token that <see cref="StrictJson"/> already found free of repeats, and remembers which claim broke which
/// rule.
/// </summary>
/// <remarks>What is remembered goes into the receiver's log. It has the name of a claim, its type and its length, never its value.</remarks>
internal sealed class ClaimReader(JsonElement element)
{
    private const int MaxNameLength = 64;

    private readonly string _prefix = string.Empty;

    private ClaimReader(JsonElement element, string prefix)
        : this(element) => _prefix = prefix;

    /// <summary>The first rule that was broken; null as long as none is.</summary>
    public string? Fault { get; private set; }

    /// <summary>A name of another's choice, as a log may hold it: what is not plain is not repeated.</summary>
    /// <param name="name">The name.</param>
    public static string NameOf(string name) => !FoundValue.IsPlain(name)
        ? "a name that is not printable ASCII"
        : name.Length > MaxNameLength ? name[..MaxNameLength] + "…" : name;

    /// <summary>Whether there are exactly these claims.</summary>
    /// <param name="names">Their names.</param>
    public bool HasExactly(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out _))
            {
                return Refuse($"{_prefix}{name}: is missing");
            }
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                return Refuse($"{_prefix}{NameOf(member.Name)}: is not one of the claims {string.Join(", ", names)}");
            }
        }

        return true;
    }

    /// <summary>The claims of an object.</summary>
    /// <param name="name">The claim that holds it.</param>
    /// <param name="claims">Those it has to hold, and no other.</param>
    public ClaimReader? Object(string name, params ReadOnlySpan<string> claims)
    {
        if (element.GetProperty(name) is not { ValueKind: JsonValueKind.Object } value)
        {
            _ = Refuse(name, "an object", FoundValue.Describe);
            return null;
        }

        var reader = new ClaimReader(value, $"{name}.");
        return Keep(reader, reader.HasExactly(claims)) ? reader : null;
    }

    /// <summary>A claim that is a string.</summary>
    /// <param name="name">The claim.</param>
    public string? Text(string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A moment in whole seconds. RFC 7519 allows fractions, but two spellings of one moment help nobody.</summary>
    /// <param name="name">The claim.</param>
    /// <param name="time">The moment.</param>
    public bool Time(string name, out DateTimeOffset time)
    {
        if (element.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            && JsonMarshal.GetRawUtf8Value(value)[0] != '-'
            && value.TryGetInt64(out var seconds)
            && seconds <= FoundValue.MaxSeconds)
        {
            time = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return true;
        }

        time = default;
        return Refuse(name, "a whole number of seconds since 1970, in digits alone", FoundValue.DescribeTime);
    }

    /// <summary>A claim that is base64url of so many bytes.</summary>
    /// <param name="name">The claim.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="wanted">What it has to be.</param>
    /// <param name="text">The text; empty where it is something else.</param>
    public bool Base64Url(string name, int length, string wanted, out string text)
    {
        text = Text(name) ?? string.Empty;
        return (CanonicalBase64Url.TryDecode(text, out var bytes) && bytes.Length == length)
            || Refuse(name, wanted, FoundValue.DescribeBase64Url);
    }

    /// <summary>A claim that is a set of permissions.</summary>
    /// <param name="name">The claim.</param>
    /// <param name="wanted">What it has to be.</param>
    /// <param name="permissions">The permissions.</param>
    public bool Permissions(string name, string wanted, [NotNullWhen(true)] out PermissionSet? permissions) =>
        PermissionSet.TryParse(Text(name), out permissions) || Refuse(name, wanted, FoundValue.DescribeScope);

    /// <summary>Remembers the claim where its value is not what it has to be.</summary>
    /// <param name="isMet">Whether it is.</param>
    /// <param name="name">The claim.</param>
    /// <param name="wanted">What it has to be.</param>
    public bool Require(bool isMet, string name, string wanted) => isMet || Refuse(name, wanted, FoundValue.Describe);

    /// <summary>Takes over what an inner reader remembers.</summary>
    /// <param name="inner">The inner reader.</param>
    /// <param name="isMet">What it answered.</param>
    public bool Keep(ClaimReader inner, bool isMet)
    {
        Fault ??= inner.Fault;
        return isMet;
    }

    private bool Refuse(string name, string wanted, Func<JsonElement, string> describe) =>
        Refuse($"{_prefix}{name}: wanted {wanted}, found {describe(element.GetProperty(name))}");

    private bool Refuse(string fault)
    {
        Fault ??= fault;
        return false;
    }
}
