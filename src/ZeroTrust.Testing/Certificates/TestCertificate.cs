using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

/// <summary>A leaf with its private key and the intermediates up to, but without, the root.</summary>
public sealed class TestCertificate : IDisposable
{
    internal TestCertificate(X509Certificate2 certificate, IReadOnlyList<ReadOnlyMemory<byte>> intermediatesDer, string keyPem)
    {
        Certificate = certificate;
        IntermediatesDer = intermediatesDer;
        KeyPem = keyPem;
    }

    /// <summary>The leaf with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The intermediates, DER, the leaf's issuer first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> IntermediatesDer { get; }

    /// <summary>The private key as PKCS#8 PEM.</summary>
    public string KeyPem { get; }

    /// <summary>The leaf and its intermediates as PEM, as a credential file holds them.</summary>
    public string ChainPem
    {
        get
        {
            var pem = new StringBuilder(Certificate.ExportCertificatePem()).Append('\n');
            foreach (var der in IntermediatesDer)
            {
                pem.Append(PemEncoding.Write("CERTIFICATE", der.Span)).Append('\n');
            }

            return pem.ToString();
        }
    }

    /// <summary>The leaf as an own credential.</summary>
    public PeerCredential ToCredential() => PeerCredential.FromPem(ChainPem, KeyPem);

    /// <summary>The leaf as a peer would send it.</summary>
    public PeerCertificates ToPeerCertificates() => PeerCertificates.Create(Certificate.RawDataMemory, IntermediatesDer).GetOrThrow();

    /// <summary>Writes <c>{name}.pem</c> and <c>{name}.key</c>, each by an atomic replacement; the key is for the owner alone.</summary>
    /// <param name="folder">The folder; created when it is not there.</param>
    /// <param name="name">The files' name without ending.</param>
    /// <returns>The paths of the certificate file and the key file.</returns>
    public (string CertificateFile, string KeyFile) WriteTo(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var certificateFile = Path.Combine(folder, name + ".pem");
        var keyFile = Path.Combine(folder, name + ".key");
        AtomicFile.Write(keyFile, KeyPem, ownerOnly: true);
        AtomicFile.Write(certificateFile, ChainPem, ownerOnly: false);
        return (certificateFile, keyFile);
    }

    /// <summary>Releases the certificate and its key.</summary>
    public void Dispose() => Certificate.Dispose();
}
