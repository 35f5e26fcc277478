namespace ZeroTrust.X509.Internal;

/// <summary>Says what is wrong with an algorithm or a key that is refused. Asked when refusing, and never before.</summary>
internal static class AlgorithmText
{
    /// <summary>The algorithm by name and identifier.</summary>
    public static string Name(ReadOnlySpan<byte> oid)
    {
        var dotted = Oids.Format(oid);
        var name = dotted switch
        {
            "1.2.840.113549.1.1.4" => "MD5 with RSA",
            "1.2.840.113549.1.1.5" => "SHA-1 with RSA",
            "1.2.840.113549.1.1.14" => "SHA-224 with RSA",
            "1.2.840.113549.1.1.10" => "RSASSA-PSS",
            "1.2.840.10045.4.1" => "ECDSA with SHA-1",
            "1.2.840.10045.4.3.1" => "ECDSA with SHA-224",
            "1.2.840.10040.4.1" => "DSA",
            "1.2.840.10040.4.3" => "DSA with SHA-1",
            "2.16.840.1.101.3.4.3.2" => "DSA with SHA-256",
            "1.3.101.110" => "X25519",
            "1.3.101.112" => "Ed25519",
            "1.3.101.113" => "Ed448",
            "1.2.840.10045.3.1.1" => "P-192",
            "1.3.132.0.10" => "secp256k1",
            "1.3.132.0.33" => "P-224",
            "1.3.14.3.2.26" => "SHA-1",
            "2.16.840.1.101.3.4.2.4" => "SHA-224",
            _ => null,
        };
        return name is null ? dotted : $"{name} ({dotted})";
    }

    /// <param name="identifier">The content of an AlgorithmIdentifier that is not taken.</param>
    /// <returns>A sentence.</returns>
    public static string WhyRefused(ReadOnlyMemory<byte> identifier)
    {
        var reader = new DerReader(identifier);
        var oid = reader.ReadOid();
        return oid.Span.SequenceEqual(Oids.RsaPss)
            ? $"It is signed by RSASSA-PSS, and {PssParameters.Read(reader).Flaw ?? "its parameters are not taken"} "
            + "(RFC 4055 section 3.1). Sign with SHA-256 or longer throughout and a salt as long: "
            + "openssl -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest."
            : $"It is signed by {Name(oid.Span)}, which is weaker than SHA-256 or not among ECDSA, RSA and RSASSA-PSS "
            + "(RFC 5280 section 4.1.1.2).";
    }

    /// <param name="key">A key that is not taken.</param>
    /// <returns>A sentence.</returns>
    public static string WhyRefused(PublicKeyInfo key) => true switch
    {
        _ when key.Oid.Span.SequenceEqual(Oids.RsaEncryption) =>
            "The RSA key is not of 2048 to 8192 bits in whole octets with an odd exponent of 3 to 33 bits and parameters of NULL: "
            + $"{RsaText(key)} (RFC 5280 section 4.1.2.7).",
        _ when key.Oid.Span.SequenceEqual(Oids.EcPublicKey) =>
            $"The ECDSA key is not an uncompressed point on P-256, P-384 or P-521 by name: {CurveText(key)} (RFC 5480 section 2.1.1).",
        _ => $"The key is of {Name(key.Oid.Span)}, not RSA or ECDSA (RFC 5280 section 4.1.2.7).",
    };

    private static string RsaText(PublicKeyInfo key) =>
        key.RsaBits is { } bits ? $"the modulus has {bits} bits" : "its numbers or parameters are others";

    private static string CurveText(PublicKeyInfo key)
    {
        if (key.Parameters.IsEmpty || key.Parameters.Span[0] != DerReader.ObjectIdentifier)
        {
            return "the curve is not named";
        }

        var curve = new DerReader(key.Parameters).ReadOid().Span;
        var isKnown = curve.SequenceEqual(Oids.P256) || curve.SequenceEqual(Oids.P384) || curve.SequenceEqual(Oids.P521);
        return isKnown ? "the point is compressed, or of another length" : $"the curve is {Name(curve)}";
    }
}
