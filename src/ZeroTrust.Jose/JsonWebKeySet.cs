using System.Text.Json;
using ZeroTrust.Jose.Internal;

namespace ZeroTrust.Jose;

/// <summary>The verification keys of one issuer (RFC 7517 section 5). Immutable.</summary>
/// <remarks>Keys that cannot verify here are left out, as the standard asks; what was left out, and why, is kept for the operator.</remarks>
public sealed class JsonWebKeySet
{
    /// <summary>The largest key set, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The most keys a set may hold, usable or not.</summary>
    public const int MaxKeys = 128;

    private JsonWebKeySet(IReadOnlyList<JwsKey> keys, IReadOnlyList<Rejection> ignored)
    {
        Keys = keys;
        Ignored = ignored;
    }

    /// <summary>The usable keys, in the order of the document.</summary>
    public IReadOnlyList<JwsKey> Keys { get; }

    /// <summary>One rejection for each key that was left out. For the operator's log.</summary>
    public IReadOnlyList<Rejection> Ignored { get; }

    /// <summary>Parses a key set; never throws for its content.</summary>
    /// <param name="utf8Json">The document.</param>
    /// <param name="rsaAlgorithm">The algorithm of RSA keys that do not state their own; OpenID Connect means RS256.</param>
    /// <returns>The set, which may be empty; or <c>jose.too_large</c>, <c>jose.json_invalid</c>, <c>jose.duplicate_member</c>, <c>jose.key_invalid</c> or <c>jose.key_id_duplicated</c>.</returns>
    public static Verdict<JsonWebKeySet> Parse(ReadOnlyMemory<byte> utf8Json, string rsaAlgorithm = JwsAlgorithms.RS256)
    {
        if (utf8Json.Length > MaxBytes)
        {
            return JoseRejections.Refuse(JoseRejectionReason.TooLarge, $"The key set has {utf8Json.Length} bytes.");
        }

        if (!StrictJson.ParseObject(utf8Json).TryGet(out var document, out var rejection))
        {
            return rejection;
        }

        using (document)
        {
            if (!document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            {
                return JoseRejections.Refuse(JoseRejectionReason.JsonInvalid, "The document has no array of keys.");
            }

            return keys.GetArrayLength() > MaxKeys
                ? JoseRejections.Refuse(JoseRejectionReason.TooLarge, $"The key set has {keys.GetArrayLength()} keys.")
                : Read(keys, rsaAlgorithm);
        }
    }

    /// <summary>The key a header means: its <c>kid</c> and algorithm, or without a <c>kid</c> the only key of that algorithm.</summary>
    /// <param name="header">The header of the token.</param>
    /// <returns>The key; null when none, or more than one, is meant. Never a guess among several.</returns>
    public JwsKey? Find(JwsHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        JwsKey? found = null;
        foreach (var key in Keys)
        {
            var meant = key.Algorithm == header.Algorithm && (header.KeyId is null || header.KeyId == key.KeyId);
            if (meant && found is not null)
            {
                return null;
            }

            found = meant ? key : found;
        }

        return found;
    }

    private static Verdict<JsonWebKeySet> Read(JsonElement elements, string rsaAlgorithm)
    {
        var keys = new List<JwsKey>();
        var ignored = new List<Rejection>();
        var names = new HashSet<(string, string)>();
        var position = 0;
        foreach (var element in elements.EnumerateArray())
        {
            position++;
            if (element.ValueKind != JsonValueKind.Object)
            {
                return JoseRejections.Refuse(JoseRejectionReason.KeyInvalid, "A key is not an object.");
            }

            if (!JwkReader.Read(element, rsaAlgorithm).TryGet(out var key, out var rejection))
            {
                ignored.Add(new Rejection(rejection.Code, $"Key {position} of {elements.GetArrayLength()}: {rejection.Detail}", rejection.Kind));
                continue;
            }

            if (key.KeyId is not null && !names.Add((key.KeyId, key.Algorithm)))
            {
                return JoseRejections.Refuse(JoseRejectionReason.KeyIdDuplicated, "Two keys share an id and an algorithm.");
            }

            keys.Add(key);
        }

        return new JsonWebKeySet(keys, ignored);
    }
}
