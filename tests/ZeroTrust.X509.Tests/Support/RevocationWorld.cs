using ZeroTrust.X509.Internal;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>A root, a CA below it and a leaf below that, with a current CRL of the root in the set.</summary>
internal sealed class RevocationWorld : IDisposable
{
    internal const string CrlUri = "http://ca.example/ca.crl";

    private readonly List<KeyHolder> _keys = [];

    internal RevocationWorld(params PointForge[] points)
    {
        Root = Keep(KeyHolder.Root("CN=Root"));
        Ca = Keep(Root.Ca("CN=CA"));
        Leaf = Keep(Ca.Leaf("CN=Leaf", points));
        RootCrl = new CrlForge { Issuer = "CN=Root" };
    }

    internal KeyHolder Root { get; }

    internal KeyHolder Ca { get; set; }

    internal KeyHolder Leaf { get; set; }

    internal CrlForge RootCrl { get; set; }

    internal CrlTrustFake Trust { get; } = new();

    internal RevocationMode Mode { get; set; }

    internal DateTimeOffset ValidUntil { get; private set; } = DateTimeOffset.MaxValue;

    internal Certificate[] Path => [Leaf.Certificate, Ca.Certificate, Root.Certificate];

    internal static ScopeForge At(string uri) => new() { Name = PointName.Uri(uri) };

    internal static PointForge PointAt(string uri) => new() { Name = PointName.Uri(uri) };

    internal KeyHolder Keep(KeyHolder key)
    {
        _keys.Add(key);
        return key;
    }

    /// <summary>A CRL of the CA that lists the leaf.</summary>
    internal CrlForge Listing(params ForgedExtension[] extensions) => Listing(Leaf, extensions);

    internal static CrlForge Listing(KeyHolder listed, params ForgedExtension[] extensions) =>
        new() { Issuer = listed.Certificate.IssuerName, Entries = [new ForgedEntry(listed.Certificate.Serial, extensions)] };

    /// <summary>Checks the path with CRLs signed by the CA.</summary>
    internal Rejection? Check(params CrlForge[] crls) => Check([.. crls.Select(crl => crl.Read(Ca.Key))]);

    internal Rejection? Check(params CertificateRevocationList[] crls)
    {
        var until = DateTimeOffset.MaxValue;
        var check = new RevocationCheck(new CrlSet([RootCrl.Read(Root.Key), .. crls]), Trust, Mode);
        var refusal = check.Check(Path, ref until);
        ValidUntil = until;
        return refusal?.ToRejection("a certificate");
    }

    internal void AssertPasses(params CrlForge[] crls) => Assert.Null(Check(crls));

    internal void AssertRevoked(params CrlForge[] crls) => X509Assert.Refused(X509RejectionReason.Revoked, Check(crls));

    internal void AssertUnknown(params CrlForge[] crls) => X509Assert.Refused(X509RejectionReason.RevocationStatusUnavailable, Check(crls));

    public void Dispose() => _keys.ForEach(key => key.Dispose());
}
