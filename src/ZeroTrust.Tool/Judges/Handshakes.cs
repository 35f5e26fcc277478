using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Judges;

/// <summary>Gives a handshake of the service what TLS would give it: its own callback decides.</summary>
internal static class Handshakes
{
    private const string Code = "mtls.handshake_invalid";

    // SSL_MAX_CERT_LIST_DEFAULT of OpenSSL; a certificate of the message has 5 bytes around it, the message 4 (RFC 8446 section 4.4.2).
    private const int LongestMessage = 100 * 1024;
    private const int AroundEach = 5;
    private const int AroundAll = 4;

    public static Verdict<VerifiedPeer> Judge(PeerServerHandshake handshake, IReadOnlyList<byte[]> presented)
    {
        var options = handshake.CreateOptions();
        return Present(presented, options.CertificateChainPolicy!, options.RemoteCertificateValidationCallback!, targetHost: null)
            ?? handshake.Verdict;
    }

    public static Verdict<VerifiedPeer> Judge(PeerClientHandshake handshake, IReadOnlyList<byte[]> presented)
    {
        var options = handshake.CreateOptions(string.Empty, []);
        return Present(presented, options.CertificateChainPolicy!, options.RemoteCertificateValidationCallback!, options.TargetHost)
            ?? handshake.Verdict;
    }

    /// <summary>What TLS itself refuses; null where the callback has decided.</summary>
    private static Rejection? Present(
        IReadOnlyList<byte[]> presented, X509ChainPolicy policy, RemoteCertificateValidationCallback callback, string? targetHost)
    {
        var length = presented.Sum(der => der.Length + AroundEach) + AroundAll;
        if (OperatingSystem.IsLinux() && length > LongestMessage)
        {
            return Refuse($"The certificates need a message of {length} bytes, and TLS reads {LongestMessage}.");
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            foreach (var der in presented)
            {
                if (Load(der) is not { } certificate)
                {
                    var unreadable = Certificate.Read(der).Rejection?.Detail;
                    return Refuse($"Certificate {certificates.Count + 1} of {presented.Count} as sent is none that TLS can read. {unreadable}".TrimEnd());
                }

                certificates.Add(certificate);
            }

            Call(certificates, policy, callback, targetHost);
            return null;
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private static void Call(
        X509Certificate2Collection certificates, X509ChainPolicy policy, RemoteCertificateValidationCallback callback, string? targetHost)
    {
        var leaf = certificates[0];
        using var chain = new X509Chain { ChainPolicy = policy };
        chain.ChainPolicy.ExtraStore.AddRange(certificates.Skip(1).ToArray());
        var errors = SslPolicyErrors.RemoteCertificateChainErrors;
        if (!string.IsNullOrEmpty(targetHost) && !Matches(leaf, targetHost))
        {
            errors |= SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        callback(chain, leaf, chain, errors);
    }

    // TLS takes names that it cannot read for other names.
    private static bool Matches(X509Certificate2 leaf, string host)
    {
        try
        {
            return leaf.MatchesHostname(host);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static X509Certificate2? Load(byte[] der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der) is var certificate && certificate.RawDataMemory.Length == der.Length ? certificate : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static Rejection Refuse(string detail) => new(Code, detail, RejectionKind.Unauthenticated);
}
