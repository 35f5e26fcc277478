using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509;

/// <summary>Object identifiers of extended key usages (RFC 5280 section 4.2.1.12).</summary>
public static class KeyPurposes
{
    /// <summary>id-kp-serverAuth: the leaf speaks as a TLS server.</summary>
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    /// <summary>id-kp-clientAuth: the leaf speaks as a TLS client.</summary>
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private static readonly byte[] EncodedServerAuth = Oids.Encode(ServerAuth);
    private static readonly byte[] EncodedClientAuth = Oids.Encode(ClientAuth);

    internal static byte[]? Encode(string? purpose) => purpose switch
    {
        null => null,
        ServerAuth => EncodedServerAuth,
        ClientAuth => EncodedClientAuth,
        _ => Oids.Encode(purpose),
    };
}
