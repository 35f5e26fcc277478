using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Testing;

/// <summary>A certificate authority for tests: it really signs, with keys made in memory, good certificates and spoilt ones alike.</summary>
public sealed class TestCertificateAuthority : IDisposable
{
    private static readonly TimeSpan BackDating = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly TestKeyPair _key;
    private readonly TestCertificateAuthority? _parent;
    private int _crlNumber;

    private TestCertificateAuthority(TimeProvider time, TestCertificateAuthority? parent, TestAuthorityOptions options)
    {
        _time = time;
        _parent = parent;
        _key = TestKeyPair.Create(options.Key);
        var request = _key.NewRequest(options.CommonName);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, options.PathLength.HasValue, options.PathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var now = time.GetUtcNow();
        Certificate = Sign(
            request, parent ?? this, options.NotBefore ?? now.AddDays(-1), options.NotAfter ?? now.AddYears(1), weakSignature: false);
    }

    /// <summary>The authority's certificate, without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The root's certificate as PEM, as an anchor file holds it.</summary>
    public string AnchorPem => Root.Certificate.ExportCertificatePem();

    private TestCertificateAuthority Root => _parent?.Root ?? this;

    /// <summary>Makes a root.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="time">The time certificates are issued at; null for the system's.</param>
    public static TestCertificateAuthority Create(string name = "test root", TimeProvider? time = null) =>
        new(time ?? TimeProvider.System, parent: null, new TestAuthorityOptions { CommonName = name });

    /// <summary>Makes a root.</summary>
    /// <param name="configure">Changes what it looks like.</param>
    public static TestCertificateAuthority Create(Action<TestAuthorityOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TestAuthorityOptions();
        configure(options);
        return new TestCertificateAuthority(options.Time ?? TimeProvider.System, parent: null, options);
    }

    /// <summary>Makes an authority below this one.</summary>
    /// <param name="name">Its common name.</param>
    public TestCertificateAuthority CreateIntermediate(string name) =>
        CreateIntermediate(options => options.CommonName = name);

    /// <summary>Makes an authority below this one.</summary>
    /// <param name="configure">Changes what it looks like.</param>
    public TestCertificateAuthority CreateIntermediate(Action<TestAuthorityOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TestAuthorityOptions();
        configure(options);
        return new TestCertificateAuthority(options.Time ?? _time, this, options);
    }

    /// <summary>Issues a leaf for a workload, good for both roles and valid for an hour.</summary>
    /// <param name="spiffeId">The workload's SPIFFE ID.</param>
    public TestCertificate Issue(string spiffeId) => Issue(options => options.SpiffeId = spiffeId);

    /// <summary>Issues a leaf.</summary>
    /// <param name="configure">Changes what it looks like.</param>
    public TestCertificate Issue(Action<TestLeafOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TestLeafOptions();
        configure(options);
        using var key = TestKeyPair.Create(options.Key);
        var request = key.NewRequest(options.CommonName);
        foreach (var extension in TestLeafExtensions.Of(options))
        {
            request.CertificateExtensions.Add(extension);
        }

        var now = _time.GetUtcNow();
        using var certificate = Sign(
            request, this, options.NotBefore ?? now - BackDating, options.NotAfter ?? now.AddHours(1), options.WeakSignature);
        return new TestCertificate(key.Attach(certificate), [.. IntermediatesDer()], key.ToPem());
    }

    /// <summary>This authority's root as the bundle of a trust domain.</summary>
    /// <param name="trustDomain">The trust domain's name.</param>
    /// <param name="maxLeafLifetime">The longest life of a leaf; null for the default.</param>
    public TrustBundle ToBundle(string trustDomain, TimeSpan? maxLeafLifetime = null) =>
        new(TrustDomain.Parse(trustDomain), [Root.Certificate], maxLeafLifetime);

    /// <summary>Issues a complete CRL of this authority, with the next CRL number.</summary>
    /// <param name="revoked">The certificates it revokes.</param>
    /// <param name="nextUpdate">When the next one is issued; null for in one day.</param>
    public CertificateRevocationList IssueCrl(IEnumerable<X509Certificate2> revoked, DateTimeOffset? nextUpdate = null)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        var builder = new CertificateRevocationListBuilder();
        var now = _time.GetUtcNow();
        foreach (var certificate in revoked)
        {
            builder.AddEntry(certificate, now - BackDating);
        }

        var der = builder.Build(
            Certificate.SubjectName,
            _key.Generator(weak: false),
            Interlocked.Increment(ref _crlNumber),
            nextUpdate ?? now.AddDays(1),
            HashAlgorithmName.SHA256,
            KeyIdentifier(),
            now - BackDating);
        return CertificateRevocationList.Read(der).GetOrThrow();
    }

    /// <summary>Writes the root's certificate as an anchor file, by an atomic replacement.</summary>
    /// <param name="folder">The folder; created when it is not there.</param>
    /// <param name="name">The file's name without ending.</param>
    /// <returns>The path of the file.</returns>
    public string WriteAnchorTo(string folder, string name = "ca")
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".pem");
        AtomicFile.Write(path, AnchorPem, ownerOnly: false);
        return path;
    }

    /// <summary>Releases the authority's certificate and key; those above and below keep theirs.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static X509Certificate2 Sign(
        CertificateRequest request,
        TestCertificateAuthority issuer,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        bool weakSignature)
    {
        // A root is its own issuer and has no certificate yet while it signs it.
        var issuerName = issuer.Certificate?.SubjectName ?? request.SubjectName;
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(issuer.KeyIdentifier());
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(issuerName, issuer._key.Generator(weakSignature), notBefore, notAfter, serial);
    }

    private X509AuthorityKeyIdentifierExtension KeyIdentifier() =>
        X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(new X509SubjectKeyIdentifierExtension(_key.PublicKey, critical: false));

    private IEnumerable<ReadOnlyMemory<byte>> IntermediatesDer()
    {
        for (var authority = this; authority._parent is not null; authority = authority._parent)
        {
            yield return authority.Certificate.RawDataMemory;
        }
    }
}
