using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>Writes and reads the tokens of a context, and holds the numbers they live by.</summary>
internal static class TxnToken
{
    internal const string RootType = "txntoken+jwt";
    internal const string LinkType = "zt-link+jwt";
    internal const char Separator = '~';

    internal static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(120);
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private static readonly JwsLimits Limits = new() { MaxLength = TxnHeaders.MaxLength, MaxHeaderLength = 512 };
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string SignRoot(JwsSigner signer, RootClaims claims) => signer.Sign(RootType, Serialize(claims.Write));

    internal static string SignLink(JwsSigner signer, LinkClaims claims) => signer.Sign(LinkType, Serialize(claims.Write));

    /// <summary>How a refusal names the root.</summary>
    internal const string RootPlace = "Root";

    /// <summary>How a refusal names a link.</summary>
    internal static string LinkPlace(int index, int count) => $"Link {index + 1} of {count}";

    /// <summary>The same refusal, with the token it is about.</summary>
    internal static Rejection At(string place, Rejection rejection) => new(rejection.Code, $"{place}: {rejection.Detail}", rejection.Kind)
    {
        Expected = rejection.Expected,
        Presented = rejection.Presented,
        At = rejection.At,
    };

    internal static Verdict<ParsedToken<RootClaims>> ParseRoot(string compact)
    {
        if (!StrictJws.Parse(compact, Limits).TryGet(out var jws, out var rejection))
        {
            return At(RootPlace, rejection);
        }

        var refusal = jws.Header.KeyId is null
            ? TokenHeader.Check(jws.Header, RootType, TokenHeader.Certificate)
            : TokenHeader.Check(jws.Header, RootType, TokenHeader.Key) ?? TokenHeader.CheckServiceAlgorithm(jws.Header);
        return refusal is null && Read(compact, jws, RootClaims.Read, AuthzRejectionReason.TokenMalformed).TryGet(out var root, out refusal)
            ? root
            : At(RootPlace, refusal);
    }

    internal static Verdict<ParsedToken<LinkClaims>> ParseLink(string compact, int index, int count)
    {
        if (!StrictJws.Parse(compact, Limits).TryGet(out var jws, out var rejection))
        {
            return At(LinkPlace(index, count), rejection);
        }

        var refusal = TokenHeader.Check(jws.Header, LinkType, TokenHeader.Certificate);
        return refusal is null && Read(compact, jws, LinkClaims.Read, AuthzRejectionReason.LinkMalformed).TryGet(out var link, out refusal)
            ? link
            : At(LinkPlace(index, count), refusal);
    }

    /// <summary>What <c>prv</c> holds: the hash of a whole compact token, signature included.</summary>
    internal static string HashOf(string compact) => CanonicalBase64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(compact)));

    private static Verdict<ParsedToken<TClaims>> Read<TClaims>(
        string compact, ParsedJws jws, Func<ClaimReader, TClaims?> read, AuthzRejectionReason malformed)
        where TClaims : class
    {
        if (!StrictJson.ParseObject(jws.UnverifiedPayload, maxDepth: 4).TryGet(out var document, out var rejection))
        {
            return At("claims", rejection);
        }

        using (document)
        {
            var reader = new ClaimReader(document.RootElement);
            return read(reader) is { } claims
                ? new ParsedToken<TClaims>(compact, jws, claims)
                : AuthzRejections.Refuse(malformed, $"{reader.Fault}.");
        }
    }

    private static ReadOnlySpan<byte> Serialize(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
