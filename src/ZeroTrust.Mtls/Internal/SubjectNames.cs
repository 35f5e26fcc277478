using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Internal;

/// <summary>The DNS and URI names of a leaf, and the workload they make (RFC 5280 section 4.2.1.6). The common name is not read.</summary>
internal sealed class SubjectNames
{
    private const string SubjectAltNameOid = "2.5.29.17";
    private const string SpiffeScheme = "spiffe:";
    private static readonly Asn1Tag DnsNameTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private SubjectNames(IReadOnlyList<string> dnsNames, IReadOnlyList<string> uriNames)
    {
        DnsNames = dnsNames;
        UriNames = uriNames;
        HasSpiffeName = uriNames.Any(uri => uri.StartsWith(SpiffeScheme, StringComparison.OrdinalIgnoreCase));
        if (uriNames.Count == 1 && ZeroTrust.SpiffeId.TryParse(uriNames[0], out var id) && id.Path.Length > 0)
        {
            SpiffeId = id;
            Workload = WorkloadId.FromSpiffeId(id);
        }
        else if (!HasSpiffeName && dnsNames.Count == 1 && WorkloadId.TryParse("dns:" + dnsNames[0].ToLowerInvariant(), out var dns))
        {
            Workload = dns;
        }
    }

    public IReadOnlyList<string> DnsNames { get; }

    public IReadOnlyList<string> UriNames { get; }

    /// <summary>Whether any URI name claims to be a SPIFFE ID, well formed or not.</summary>
    public bool HasSpiffeName { get; }

    public SpiffeId? SpiffeId { get; }

    public WorkloadId? Workload { get; }

    /// <exception cref="CryptographicException">The extension is malformed.</exception>
    public static SubjectNames Read(X509Certificate2 certificate)
    {
        var dnsNames = new List<string>();
        var uriNames = new List<string>();
        if (certificate.Extensions[SubjectAltNameOid] is { } extension)
        {
            try
            {
                var reader = new AsnReader(extension.RawData, AsnEncodingRules.DER);
                var names = reader.ReadSequence();
                reader.ThrowIfNotEmpty();
                while (names.HasData)
                {
                    var tag = names.PeekTag();
                    if (tag.HasSameClassAndValue(DnsNameTag))
                    {
                        dnsNames.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsNameTag));
                    }
                    else if (tag.HasSameClassAndValue(UriTag))
                    {
                        uriNames.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                    }
                    else
                    {
                        names.ReadEncodedValue();
                    }
                }
            }
            catch (AsnContentException exception)
            {
                throw new CryptographicException("The subject alternative name is malformed.", exception);
            }
        }

        return new SubjectNames(dnsNames, uriNames);
    }
}
