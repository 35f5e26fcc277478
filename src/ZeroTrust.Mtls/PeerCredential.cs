using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>An own certificate with its private key and intermediates. Immutable; a rotation makes a new one.</summary>
/// <remarks>Never dispose its parts: handshakes and signatures in flight may still use them after a rotation.</remarks>
public sealed class PeerCredential
{
    private PeerCredential(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        Leaf = Read(certificate);
        var names = new SubjectNames(Leaf);
        Certificate = certificate;
        NotBefore = Leaf.NotBefore;
        NotAfter = Leaf.NotAfter;
        IntermediatesDer = [.. intermediates.Select(item => item.RawDataMemory)];
        Workload = names.Workload ?? default;
        DnsNames = names.DnsNames;

        // offline: building the context must neither download issuers nor fetch OCSP responses.
        CertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
        NotSent =
        [
            .. intermediates.Where(item => !item.SubjectName.RawData.AsSpan().SequenceEqual(item.IssuerName.RawData)
                && !CertificateContext.IntermediateCertificates.Any(sent => sent.RawDataMemory.Span.SequenceEqual(item.RawDataMemory.Span)))
            .Select(item => $"{item.Subject} (issued by {item.Issuer})"),
        ];
    }

    /// <summary>The leaf with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The intermediates that are sent with the leaf, DER, in the order of the file.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> IntermediatesDer { get; }

    /// <summary>What TLS is given; built once, without network access.</summary>
    public SslStreamCertificateContext CertificateContext { get; }

    /// <summary>The workload the leaf names; <c>default</c> when it has neither a SPIFFE ID nor exactly one DNS name.</summary>
    public WorkloadId Workload { get; }

    /// <summary>Every DNS name of the leaf.</summary>
    public IReadOnlyList<string> DnsNames { get; }

    /// <summary>When the leaf begins.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>When the leaf ends.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The subjects and issuers of intermediates that TLS will not be given.</summary>
    /// <remarks>
    /// The platform builds one chain, by its own trust, and leaves out what is not in it. Peers that need one of them refuse. A root is not
    /// among them: who verifies has it, or does not believe it.
    /// </remarks>
    public IReadOnlyList<string> NotSent { get; }

    internal X509.Certificate Leaf { get; }

    /// <summary>Whether every peer with the same time and skew would refuse it as not yet valid.</summary>
    internal bool IsNotYetValid(DateTimeOffset now, TimeSpan clockSkew) => NotBefore - now > clockSkew;

    /// <summary>Makes a credential of parsed certificates.</summary>
    /// <param name="certificate">The leaf with its private key.</param>
    /// <param name="intermediates">The intermediates to send with it.</param>
    /// <exception cref="ArgumentException">The leaf has no private key.</exception>
    /// <exception cref="CryptographicException">The leaf cannot be read as DER.</exception>
    public static PeerCredential Create(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        }

        return new PeerCredential(certificate, intermediates ?? []);
    }

    /// <summary>Makes a credential of PEM text.</summary>
    /// <param name="certificatePem">The leaf first, then its intermediates.</param>
    /// <param name="keyPem">The leaf's private key.</param>
    /// <param name="keyPassword">The password of an encrypted key.</param>
    /// <exception cref="CryptographicException">The text cannot be read, or the key does not belong to the leaf.</exception>
    public static PeerCredential FromPem(ReadOnlySpan<char> certificatePem, ReadOnlySpan<char> keyPem, string? keyPassword = null)
    {
        try
        {
            var chain = CertificateFile.Read(Encoding.UTF8.GetBytes(certificatePem.ToString()), mayHoldKey: true);
            return FromChain(chain, KeyFile.Attach(chain[0], Encoding.UTF8.GetBytes(keyPem.ToString()), keyPassword));
        }
        catch (TrustFileFault fault)
        {
            throw new CryptographicException(fault.Message, fault);
        }
    }

    /// <summary>Makes a credential of a PKCS#12 file (PFX).</summary>
    /// <param name="pkcs12">The file: the leaf with its private key, and its intermediates.</param>
    /// <param name="password">Its password; null for none.</param>
    /// <exception cref="CryptographicException">It cannot be read, or does not hold exactly one certificate with a private key.</exception>
    public static PeerCredential FromPkcs12(ReadOnlySpan<byte> pkcs12, string? password = null)
    {
        try
        {
            return FromPfx(pkcs12, password);
        }
        catch (TrustFileFault fault)
        {
            throw new CryptographicException(fault.Message, fault);
        }
    }

    /// <summary>Makes a credential of the certificates of a file, the first of which was joined with its key.</summary>
    internal static PeerCredential FromChain(X509Certificate2Collection chain, X509Certificate2 leaf)
    {
        chain.RemoveAt(0);
        return new PeerCredential(Usable(leaf), chain);
    }

    /// <exception cref="TrustFileFault">It cannot be read, or does not hold exactly one certificate with a private key.</exception>
    internal static PeerCredential FromPfx(ReadOnlySpan<byte> pkcs12, string? password)
    {
        var chain = Pkcs12File.Read(pkcs12, password);
        var leaves = chain.Where(certificate => certificate.HasPrivateKey).ToList();
        if (leaves.Count != 1)
        {
            throw new TrustFileFault($"{leaves.Count} certificates have a private key; one is needed, the leaf");
        }

        chain.Remove(leaves[0]);
        return new PeerCredential(leaves[0], chain);
    }

    private static X509.Certificate Read(X509Certificate2 certificate) =>
        X509.Certificate.From(certificate).TryGet(out var leaf, out var rejection) ? leaf : throw new CryptographicException(rejection.Detail);

    // Windows cannot use a key that lives in memory only for TLS; a PKCS#12 round trip gives it one.
    private static X509Certificate2 Usable(X509Certificate2 leaf)
    {
        if (!OperatingSystem.IsWindows())
        {
            return leaf;
        }

        using (leaf)
        {
            return X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
