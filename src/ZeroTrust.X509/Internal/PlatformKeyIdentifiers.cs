using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>
/// Whether the key identifiers say that another certificate has issued one, as OpenSSL compares them (X509_check_akid): a CA that is renewed
/// with its key has another serial number, and one whose issuer changed has another issuer.
/// </summary>
internal static class PlatformKeyIdentifiers
{
    public static bool Disagree(Certificate child, Certificate issuer)
    {
        if (child.Extensions.AuthorityKeyIdentifier is not { } authority)
        {
            return false;
        }

        return (authority.KeyId is { } wanted
                && issuer.Extensions.SubjectKeyIdentifier is { } held
                && !wanted.Span.SequenceEqual(held.KeyId.Span))
            || (authority.Serial is { } serial && !serial.Span.SequenceEqual(issuer.Serial.Span))
            || (authority.IssuerNames is { } names && FindDirectory(names) is { } name && !name.Equals(issuer.Issuer));
    }

    private static DistinguishedName? FindDirectory(ReadOnlyMemory<byte> names)
    {
        try
        {
            return Array.Find(GeneralName.ReadAll(names), name => name.Directory is not null).Directory;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
