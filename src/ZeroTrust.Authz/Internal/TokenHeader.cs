using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>Checks the JOSE header of a root and of a link: exactly three parameters, one of which names the signer.</summary>
internal static class TokenHeader
{
    /// <summary>The parameter that names the certificate of a workload.</summary>
    internal const string Certificate = "x5t#S256";

    /// <summary>The parameter that names the key of a token service.</summary>
    internal const string Key = "kid";

    internal static Rejection? Check(JwsHeader header, string type, string reference)
    {
        if (!header.HasExactly("alg", "typ", reference))
        {
            var isKeyAlone = reference == Key && header.X509Sha256 is null;
            return AuthzRejections.Refuse(
                AuthzRejectionReason.TokenHeaderRefused,
                Describe(header, type, reference),
                isKeyAlone ? $"alg typ {Key}" : $"alg typ {Certificate}",
                string.Join(' ', header.Members.Select(ClaimReader.NameOf)));
        }

        return header.Type == type
            ? null
            : AuthzRejections.Refuse(
                AuthzRejectionReason.TokenTypeRefused, "typ is not the one expected here, to the letter.", type, header.Type);
    }

    internal static Rejection? CheckServiceAlgorithm(JwsHeader header) =>
        header.Algorithm is JwsAlgorithms.ES256 or JwsAlgorithms.ES384 or JwsAlgorithms.PS256
            ? null
            : AuthzRejections.Refuse(
                AuthzRejectionReason.RootAlgorithmRefused,
                "alg: a token service signs with ES256, ES384 or PS256.",
                expected: null,
                header.Algorithm);

    // Many libraries add a kid by themselves where the key has one; what has to go is the kid.
    private static string Describe(JwsHeader header, string type, string reference)
    {
        if (header.KeyId is not null && type != TxnToken.RootType)
        {
            return $"The header has {Key}: a link is signed by a workload, which sends {Certificate} alone. Leave {Key} out.";
        }

        if (header.KeyId is not null && header.X509Sha256 is not null)
        {
            return $"The header has both {Key} and {Certificate}: a workload sends {Certificate} alone, a token service {Key} alone.";
        }

        string[] wanted = ["alg", "typ", reference];
        var missing = string.Join(", ", wanted.Except(header.Members, StringComparer.Ordinal));
        var further = string.Join(", ", header.Members.Except(wanted, StringComparer.Ordinal).Select(ClaimReader.NameOf));
        return $"The header is not exactly alg, typ and {reference}: "
            + (missing.Length == 0 ? $"leave out {further}."
                : further.Length == 0 ? $"{missing} is missing."
                : $"{missing} is missing, leave out {further}.");
    }
}
