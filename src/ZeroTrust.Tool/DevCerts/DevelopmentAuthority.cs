using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>A CA for one developer's machine: a root that services trust, and an intermediate that issues, so that chains are as long as in production.</summary>
/// <remarks>The root permits its own trust domain, the names it was made for and loopback addresses only: trusted by mistake, it speaks for nothing else.</remarks>
internal sealed class DevelopmentAuthority : IDisposable
{
    public const string AnchorFile = "ca.pem";

    private const string AnchorKeyFile = "ca.key";
    private const string IntermediateFile = "intermediate.pem";
    private const string IntermediateKeyFile = "intermediate.key";
    private const int Days = 365;

    private static readonly TimeSpan BackDating = TimeSpan.FromMinutes(1);

    private DevelopmentAuthority(X509Certificate2 root, X509Certificate2 intermediate, TrustDomain trustDomain)
    {
        Root = root;
        Intermediate = intermediate;
        TrustDomain = trustDomain;
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Intermediate { get; }

    public TrustDomain TrustDomain { get; }

    public DateTimeOffset NotAfter => new(Root.NotAfter);

    public static bool IsIn(DevFolder folder) =>
        folder.Has(AnchorFile) || folder.Has(AnchorKeyFile) || folder.Has(IntermediateFile) || folder.Has(IntermediateKeyFile);

    public static DevelopmentAuthority Load(DevFolder folder)
    {
        var root = LoadPair(folder, AnchorFile, AnchorKeyFile);
        return Certificate.From(root).TryGet(out var certificate, out _)
            && certificate.UriNames is [var uri]
            && SpiffeId.TryParse(uri, out var id)
            ? new DevelopmentAuthority(root, LoadPair(folder, IntermediateFile, IntermediateKeyFile), id.TrustDomain)
            : throw new ToolException($"'{folder.PathOf(AnchorFile)}' is no CA of this command; choose another folder with --out");
    }

    /// <summary>Makes a new CA and writes it.</summary>
    public static DevelopmentAuthority Make(DevFolder folder, TrustDomain trustDomain, IReadOnlyList<string> dnsNames, DateTimeOffset now)
    {
        var notAfter = now.AddDays(Days);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = DevCertificates.Authority($"development CA of {trustDomain}", rootKey, trustDomain, pathLength: 1);
        rootRequest.CertificateExtensions.Add(DevCertificates.Permit(trustDomain, dnsNames));
        var root = rootRequest.CreateSelfSigned(now - BackDating, notAfter);

        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var intermediateRequest = DevCertificates.Authority($"development intermediate of {trustDomain}", intermediateKey, trustDomain, pathLength: 0);
        var intermediate = DevCertificates.Sign(intermediateRequest, root, now - BackDating, notAfter).CopyWithPrivateKey(intermediateKey);

        folder.WriteKey(AnchorKeyFile, rootKey.ExportPkcs8PrivateKeyPem());
        folder.WriteKey(IntermediateKeyFile, intermediateKey.ExportPkcs8PrivateKeyPem());
        folder.Write(IntermediateFile, intermediate.ExportCertificatePem());
        folder.Write(AnchorFile, root.ExportCertificatePem());
        return new DevelopmentAuthority(root, intermediate, trustDomain);
    }

    /// <summary>Issues a leaf for both roles.</summary>
    /// <returns>The chain without the root, and the leaf's key.</returns>
    public (IReadOnlyList<X509Certificate2> Chain, string KeyPem) Issue(string service, IReadOnlyList<string> dnsNames, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = DevCertificates.Leaf(service, key, DevCertificates.SpiffeIdOf(TrustDomain, service), dnsNames);
        return ([DevCertificates.Sign(request, Intermediate, now - BackDating, now + lifetime), Intermediate], key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        Root.Dispose();
        Intermediate.Dispose();
    }

    private static X509Certificate2 LoadPair(DevFolder folder, string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPem(folder.Read(certificateFile), folder.Read(keyFile));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or ToolException)
        {
            throw new ToolException(
                $"the CA of '{folder.PathOf(certificateFile)}' and '{folder.PathOf(keyFile)}' cannot be used: {exception.Message}; --force makes a new one",
                exception);
        }
    }
}
