using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Differential;
using ZeroTrust.FuzzTests.Pki;
using ZeroTrust.X509;

namespace ZeroTrust.FuzzTests.Fuzzing;

/// <summary>What has to hold for every input of a reader. An exception that leaves a reader is a broken promise as well.</summary>
internal static class ReaderPromises
{
    private const string VerificationFailed = "x509.verification_failed";

    // Made once: an accepted chain whose leaf's status the CRL under test may tell.
    private static readonly Lazy<(Certificate Leaf, Certificate[] Bag, Certificate Anchor)> Path = new(MakePath);

    /// <summary>The promise the bytes break; null when they break none.</summary>
    public static string? FindBrokenByCertificate(ReadOnlyMemory<byte> input)
    {
        var verdict = Certificate.Read(input);
        if (!verdict.TryGet(out var certificate, out var rejection))
        {
            return rejection.Code == "x509.malformed" ? null : $"Refused as {rejection.Code}.";
        }

        _ = $"{certificate} {certificate.IssuerName} {certificate.IsCa} {certificate.IsSelfIssued}";
        _ = certificate.DnsNames.Count + certificate.UriNames.Count + certificate.EmailNames.Count + certificate.IpAddresses.Count;
        return FindOtherReading(certificate) ?? FindFailure(certificate);
    }

    /// <summary>The promise the bytes break; null when they break none.</summary>
    public static string? FindBrokenByCrl(ReadOnlyMemory<byte> input)
    {
        var verdict = CertificateRevocationList.Read(input);
        if (!verdict.TryGet(out var crl, out var rejection))
        {
            return rejection.Code == "x509.malformed" ? null : $"Refused as {rejection.Code}.";
        }

        _ = $"{crl} {crl.NextUpdate} {crl.Sha256.Length}";
        var (leaf, bag, anchor) = Path.Value;
        var policy = OwnJudge.Policy with { Revocation = RevocationMode.HardFail };
        var judged = new PathValidator(new TrustAnchorSet(anchor), new CrlSet([crl])).Validate(leaf, bag, policy, ChainFactory.Time);
        return judged.Rejection?.Code == VerificationFailed ? judged.Rejection.Detail : null;
    }

    /// <summary>What the platform reads otherwise out of a certificate it reads too.</summary>
    private static string? FindOtherReading(Certificate certificate)
    {
        try
        {
            using var platform = X509CertificateLoader.LoadCertificate(certificate.Der.Span);
            return true switch
            {
                _ when !platform.RawDataMemory.Span.SequenceEqual(certificate.Der.Span) => "The platform reads other bytes.",
                _ when !platform.SerialNumberBytes.Span.SequenceEqual(certificate.Serial.Span) => "The platform reads another serial number.",
                _ when platform.NotBefore.ToUniversalTime() != certificate.NotBefore.UtcDateTime => "The platform reads another notBefore.",
                _ when platform.NotAfter.ToUniversalTime() != certificate.NotAfter.UtcDateTime => "The platform reads another notAfter.",
                _ when platform.SubjectName.Name != certificate.SubjectName => "The platform reads another subject.",
                _ when platform.IssuerName.Name != certificate.IssuerName => "The platform reads another issuer.",
                _ when Certificate.From(platform).Rejection is { } rejection => $"The platform's certificate is refused as {rejection.Code}.",
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            // The platform refuses it.
            return null;
        }
    }

    /// <summary>A certificate that vouches for itself, in every role, must not make the validator fail.</summary>
    private static string? FindFailure(Certificate certificate)
    {
        var validator = new PathValidator(new TrustAnchorSet(certificate));
        foreach (var profile in Enum.GetValues<PathProfile>())
        {
            var policy = OwnJudge.Policy with { Profile = profile };
            var judged = validator.Validate(certificate, [certificate], policy, certificate.NotBefore);
            if (judged.Rejection?.Code == VerificationFailed)
            {
                return judged.Rejection.Detail;
            }
        }

        return null;
    }

    private static (Certificate Leaf, Certificate[] Bag, Certificate Anchor) MakePath()
    {
        using var keys = KeyPool.Create();
        var plan = new ChainFactory(keys).Valid(intermediates: 1);
        var path = plan.Path.Select(spec => Certificate.Read(CertificateEncoder.Encode(spec)).Value!).ToArray();
        return (path[2], [path[1]], path[0]);
    }
}
