using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Testing;

internal static class TestLeafExtensions
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public static IEnumerable<X509Extension> Of(TestLeafOptions options)
    {
        yield return new X509BasicConstraintsExtension(options.IsCa, hasPathLengthConstraint: false, 0, critical: true);
        if (options.KeyUsage is { } usage)
        {
            yield return new X509KeyUsageExtension(usage, options.KeyUsageCritical);
        }

        var purposes = new OidCollection();
        if (options.ServerAuth)
        {
            purposes.Add(new Oid(ServerAuth));
        }

        if (options.ClientAuth)
        {
            purposes.Add(new Oid(ClientAuth));
        }

        if (purposes.Count > 0)
        {
            yield return new X509EnhancedKeyUsageExtension(purposes, critical: false);
        }

        if (Names(options) is { } names)
        {
            yield return names;
        }

        if (options.IssuerUrl is { } url)
        {
            yield return new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: [url]);
        }

        foreach (var extension in options.Extensions)
        {
            yield return extension;
        }
    }

    private static X509Extension? Names(TestLeafOptions options)
    {
        // Written with the ASN.1 writer, since the platform's builder refuses the malformed names tests need.
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var count = 0;
        using (writer.PushSequence())
        {
            foreach (var uri in options.SpiffeId is { } id ? options.UriNames.Prepend(id) : options.UriNames)
            {
                WriteText(6, uri);
            }

            foreach (var name in options.DnsNames)
            {
                WriteText(2, name);
            }

            foreach (var address in options.IpAddresses)
            {
                writer.WriteOctetString(address.GetAddressBytes(), Tag(7));
                count++;
            }
        }

        return count > 0 ? new X509Extension("2.5.29.17", writer.Encode(), critical: false) : null;

        void WriteText(int tag, string text)
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, text, Tag(tag));
            count++;
        }

        static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value);
    }
}
