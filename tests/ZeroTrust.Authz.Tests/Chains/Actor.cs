using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Jose;
using ZeroTrust.Testing;

namespace ZeroTrust.Authz.Tests.Chains;

/// <summary>A workload with its key: it signs what it is told, honest or not.</summary>
internal sealed class Actor : IDisposable
{
    private readonly ECDsa _key;

    public Actor(string id, TestCertificate certificate, bool isTrusted = true)
    {
        Id = id;
        Workload = WorkloadId.Parse(id);
        Certificate = certificate;
        IsTrusted = isTrusted;
        NotAfter = new DateTimeOffset(certificate.Certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        Name = CanonicalBase64Url.Encode(SHA256.HashData(certificate.Certificate.RawData));
        Certificates = [CanonicalBase64Url.Encode(certificate.Certificate.RawData), .. certificate.IntermediatesDer.Select(der => CanonicalBase64Url.Encode(der.Span))];
        _key = certificate.Certificate.GetECDsaPrivateKey()!;
    }

    public string Id { get; }

    public WorkloadId Workload { get; }

    public TestCertificate Certificate { get; }

    /// <summary>Whether its certificate is of the authority that receivers trust.</summary>
    public bool IsTrusted { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>The base64url SHA-256 of its certificate.</summary>
    public string Name { get; }

    /// <summary>Its leaf and intermediates in base64url.</summary>
    public IReadOnlyList<string> Certificates { get; }

    public string Sign(ReadOnlySpan<byte> input) =>
        CanonicalBase64Url.Encode(_key.SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }
}
