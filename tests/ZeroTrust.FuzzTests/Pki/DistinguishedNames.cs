using System.Formats.Asn1;

namespace ZeroTrust.FuzzTests.Pki;

/// <summary>Writes distinguished names.</summary>
internal static class DistinguishedNames
{
    private const string Organization = "2.5.4.10";
    private const string CommonName = "2.5.4.3";

    public static byte[] Empty { get; } = Of(null, null);

    public static byte[] Of(string? organization, string? commonName, UniversalTagNumber spelling = UniversalTagNumber.UTF8String)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Write(writer, Organization, organization, spelling);
            Write(writer, CommonName, commonName, spelling);
        }

        return writer.Encode();
    }

    private static void Write(AsnWriter writer, string type, string? value, UniversalTagNumber spelling)
    {
        if (value is null)
        {
            return;
        }

        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            writer.WriteCharacterString(spelling, value);
        }
    }
}
