using System.Text.Json;
using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>The header of a JWS (RFC 7515 section 4): what the token claims about its signature, not yet proved.</summary>
public sealed class JwsHeader
{
    private const int MaxStringLength = 256;
    private const string MediaTypePrefix = "application/";

    private JwsHeader(string algorithm, string? type, string? keyId, string? x509Sha256, IReadOnlyList<string> members)
    {
        Algorithm = algorithm;
        Type = type;
        KeyId = keyId;
        X509Sha256 = x509Sha256;
        Members = members;
    }

    /// <summary><c>alg</c>, one of <see cref="JwsAlgorithms"/>. The key decides what is used; this has to agree.</summary>
    public string Algorithm { get; }

    /// <summary><c>typ</c> as written; null when absent.</summary>
    public string? Type { get; }

    /// <summary><c>kid</c>; null when absent.</summary>
    public string? KeyId { get; }

    /// <summary><c>x5t#S256</c>, the base64url SHA-256 of the signer's certificate; null when absent.</summary>
    public string? X509Sha256 { get; }

    /// <summary>The names of all members, in their order.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>Whether <c>typ</c> is this media type: letter case and an <c>application/</c> in front do not matter (RFC 7515 section 4.1.9).</summary>
    /// <param name="type">The type without <c>application/</c>, for example <c>at+jwt</c>.</param>
    public bool IsType(string type)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        var own = Type.AsSpan();
        if (own.StartsWith(MediaTypePrefix, StringComparison.OrdinalIgnoreCase))
        {
            own = own[MediaTypePrefix.Length..];
        }

        return own.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the header holds exactly these members and nothing else.</summary>
    /// <param name="names">The names.</param>
    public bool HasExactly(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!Members.Contains(name, StringComparer.Ordinal))
            {
                return false;
            }
        }

        return Members.Count == names.Length;
    }

    internal static Verdict<JwsHeader> Parse(ReadOnlyMemory<byte> utf8Json)
    {
        if (!StrictJson.ParseObject(utf8Json).TryGet(out var document, out var rejection))
        {
            return new Rejection(rejection.Code, $"header: {rejection.Detail}", rejection.Kind);
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static Verdict<JwsHeader> Read(JsonElement root)
    {
        string? algorithm = null, type = null, keyId = null, x509Sha256 = null;
        var members = new List<string>();
        foreach (var member in root.EnumerateObject())
        {
            members.Add(member.Name);
            switch (member.Name)
            {
                case "crit" or "b64":
                    return JoseRejections.Refuse(
                        JoseRejectionReason.CriticalExtension,
                        $"The header asks for an extension: {member.Name}. None is known here, whatever its value; leave it out.");
                case "jwk" or "jku" or "x5u" or "x5c":
                    return JoseRejections.Refuse(
                        JoseRejectionReason.EmbeddedKey, $"The header brings a key: {member.Name}. No key is taken from a token; leave it out.");
                case "alg" or "typ" or "kid" or "x5t#S256" when !IsPlainString(member.Value):
                    return JoseRejections.Refuse(
                        JoseRejectionReason.HeaderInvalid,
                        $"{member.Name} is not a printable string of 1 to {MaxStringLength} characters: it is {DescribeKind(member.Value)}.");
                case "alg":
                    algorithm = member.Value.GetString();
                    break;
                case "typ":
                    type = member.Value.GetString();
                    break;
                case "kid":
                    keyId = member.Value.GetString();
                    break;
                case "x5t#S256":
                    x509Sha256 = member.Value.GetString();
                    break;
                default:
                    break;
            }
        }

        if (algorithm is null)
        {
            return JoseRejections.Refuse(JoseRejectionReason.AlgorithmMissing, $"The header has no alg; wanted is one of {JwsAlgorithms.All}.");
        }

        return JwsAlgorithms.IsKnown(algorithm)
            ? new JwsHeader(algorithm, type, keyId, x509Sha256, members)
            : JoseRejections.Refuse(
                JoseRejectionReason.AlgorithmRefused,
                $"alg {algorithm} is not accepted; wanted is one of {JwsAlgorithms.All}, which the key decides.");
    }

    // Printable, because kid and typ reach the operator's log.
    private static bool IsPlainString(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= MaxStringLength } text
        && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string DescribeKind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 and <= MaxStringLength } =>
            "a string with others than printable ASCII characters",
        JsonValueKind.String => $"a string of {value.GetString()!.Length} characters",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
