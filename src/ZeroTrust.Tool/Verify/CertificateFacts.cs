using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>What a certificate says of itself, as text.</summary>
internal sealed record CertificateFacts
{
    private const int ShownUsages = 16;

    public required string Kind { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Why nothing else is known; null for a certificate that could be read.</summary>
    public string? Unreadable { get; init; }

    public string? Subject { get; init; }

    public string? Issuer { get; init; }

    public string? Serial { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public bool? IsCa { get; init; }

    public string? KeyUsage { get; init; }

    public IReadOnlyList<string> ExtendedKeyUsage { get; init; } = [];

    public IReadOnlyList<string> UriNames { get; init; } = [];

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public IReadOnlyList<string> IpAddresses { get; init; } = [];

    public static CertificateFacts Of(string kind, ReadOnlyMemory<byte> der)
    {
        if (!Certificate.Read(der).TryGet(out var certificate, out var rejection))
        {
            return new CertificateFacts { Kind = kind, Sha256 = Convert.ToHexStringLower(SHA256.HashData(der.Span)), Unreadable = rejection.Detail };
        }

        return new CertificateFacts
        {
            Kind = kind,
            Sha256 = Convert.ToHexStringLower(certificate.Sha256.Span),
            Subject = certificate.SubjectName,
            Issuer = certificate.IssuerName,
            Serial = Convert.ToHexStringLower(certificate.Serial.Span),
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            IsCa = certificate.IsCa,
            KeyUsage = certificate.KeyUsage is { } usage ? $"{usage}{(certificate.IsKeyUsageCritical ? ", critical" : ", not critical")}" : null,
            ExtendedKeyUsage = PurposesOf(der),
            UriNames = certificate.UriNames,
            DnsNames = certificate.DnsNames,
            IpAddresses = [.. certificate.IpAddresses.Select(address => address.ToString())],
        };
    }

    private static List<string> PurposesOf(ReadOnlyMemory<byte> der)
    {
        try
        {
            using var platform = X509CertificateLoader.LoadCertificate(der.Span);
            return
            [
                .. platform.Extensions.OfType<X509EnhancedKeyUsageExtension>()
                    .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
                    .Take(ShownUsages)
                    .Select(oid => oid.Value switch
                    {
                        KeyPurposes.ServerAuth => "serverAuth",
                        KeyPurposes.ClientAuth => "clientAuth",
                        var other => other ?? string.Empty,
                    }),
            ];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }
}
