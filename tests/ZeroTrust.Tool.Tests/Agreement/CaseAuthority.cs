using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>A CA of the cases: its certificate, what comes with its leaves, and its signature.</summary>
internal sealed class CaseAuthority
{
    private readonly X500DistinguishedName _name;
    private readonly AsymmetricAlgorithm _key;

    private CaseAuthority(Draft draft, CaseAuthority? issuer, IReadOnlyList<byte[]> sent)
    {
        _name = new X500DistinguishedName(draft.Subject);
        _key = draft.Key;
        Der = (issuer ?? this).Sign(draft);
        Sent = issuer is null ? [] : [Der, .. sent];
    }

    public byte[] Der { get; }

    /// <summary>What a leaf of it is sent with: this CA and those above, without the root.</summary>
    public IReadOnlyList<byte[]> Sent { get; }

    private CaseAuthority(CaseAuthority other, IReadOnlyList<byte[]> sent)
    {
        (_name, _key, Der) = (other._name, other._key, other.Der);
        Sent = sent;
    }

    public string Pem => PemEncoding.WriteString("CERTIFICATE", Der) + "\n";

    public static CaseAuthority Root(string name, AsymmetricAlgorithm? key = null, Action<Draft>? change = null) => new(DraftOf(name, key, change), issuer: null, []);

    public CaseAuthority Below(string name, Action<Draft>? change = null, AsymmetricAlgorithm? key = null) => new(DraftOf(name, key, change), this, Sent);

    /// <summary>The same with other certificates sent along.</summary>
    public CaseAuthority With(IReadOnlyList<byte[]> sent) => new(this, sent);

    public byte[] Sign(Draft draft)
    {
        var request = new CertificateRequest(new X500DistinguishedName(draft.Subject), Keys.Usual(draft.Key).PublicKey, HashAlgorithmName.SHA256);
        foreach (var extension in draft.Extensions.Values)
        {
            request.CertificateExtensions.Add(extension);
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(
            new X509SubjectKeyIdentifierExtension(Keys.Usual(_key).PublicKey, critical: false)));
        var generator = draft.Generator?.Invoke(_key) ?? Keys.Usual(_key);
        using var certificate = request.Create(_name, generator, draft.NotBefore, draft.NotAfter, draft.Serial ?? NewSerial());
        return draft.Spoil?.Invoke(certificate.RawData) ?? certificate.RawData;
    }

    public byte[] IssueCrl(IEnumerable<byte[]> revoked, DateTimeOffset? nextUpdate = null, int others = 0)
    {
        var builder = new CertificateRevocationListBuilder();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var der in revoked)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            builder.AddEntry(certificate, now.AddMinutes(-10));
        }

        for (var i = 0; i < others; i++)
        {
            builder.AddEntry(NewSerial(), now.AddMinutes(-10));
        }

        var thisUpdate = (nextUpdate ?? now.AddDays(1)).AddDays(-2);
        return builder.Build(
            _name,
            Keys.Usual(_key),
            1,
            nextUpdate ?? now.AddDays(1),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new X509SubjectKeyIdentifierExtension(Keys.Usual(_key).PublicKey, critical: false)),
            thisUpdate);
    }

    private static Draft DraftOf(string name, AsymmetricAlgorithm? key, Action<Draft>? change)
    {
        var draft = Draft.Authority(name);
        draft.Key = key ?? Keys.NewP256();
        change?.Invoke(draft);
        return draft;
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
