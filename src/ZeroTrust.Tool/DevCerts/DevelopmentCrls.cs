using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>The CRLs of the CA in one file: the intermediate's with the services, the root's empty. What is revoked is remembered nowhere else.</summary>
internal sealed class DevelopmentCrls
{
    public const string FileName = "crl.pem";

    private const string Label = "X509 CRL";

    private static readonly TimeSpan BackDating = TimeSpan.FromMinutes(1);

    private readonly DevelopmentAuthority _authority;
    private readonly CertificateRevocationListBuilder _services;
    private readonly BigInteger _number;

    private DevelopmentCrls(DevelopmentAuthority authority, CertificateRevocationListBuilder services, BigInteger number)
    {
        _authority = authority;
        _services = services;
        _number = number;
    }

    /// <summary>Goes on from the file where it is there.</summary>
    public static DevelopmentCrls Open(DevFolder folder, DevelopmentAuthority authority, bool anew)
    {
        if (anew || !folder.Has(FileName))
        {
            return new DevelopmentCrls(authority, new CertificateRevocationListBuilder(), BigInteger.Zero);
        }

        try
        {
            return new DevelopmentCrls(authority, CertificateRevocationListBuilder.LoadPem(folder.Read(FileName), out var number), number);
        }
        catch (CryptographicException exception)
        {
            throw new ToolException($"'{folder.PathOf(FileName)}': {exception.Message}; delete it to begin anew", exception);
        }
    }

    public void Revoke(X509Certificate2 certificate, DateTimeOffset now)
    {
        _services.RemoveEntry(certificate.SerialNumberBytes.Span);
        _services.AddEntry(certificate, now - BackDating);
    }

    public void Write(DevFolder folder, DateTimeOffset now, DateTimeOffset nextUpdate) =>
        folder.Write(FileName, Sign(_services, _authority.Intermediate, now, nextUpdate) + Sign(new CertificateRevocationListBuilder(), _authority.Root, now, nextUpdate));

    private string Sign(CertificateRevocationListBuilder list, X509Certificate2 issuer, DateTimeOffset now, DateTimeOffset nextUpdate) =>
        PemEncoding.WriteString(Label, list.Build(issuer, _number + BigInteger.One, nextUpdate, HashAlgorithmName.SHA256, thisUpdate: now - BackDating)) + "\n";
}
