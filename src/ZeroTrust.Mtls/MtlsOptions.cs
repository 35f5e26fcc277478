namespace ZeroTrust.Mtls;

/// <summary>The configuration of mutual TLS: who this workload is, whom it trusts, and which servers it calls.</summary>
public sealed class MtlsOptions
{
    /// <summary>The configuration section these options bind to.</summary>
    public const string SectionName = "ZeroTrust:Mtls";

    /// <summary>The trust domain this workload belongs to.</summary>
    /// <value>Required. The anchors of this trust domain also judge peers that are known by a DNS name.</value>
    public string? TrustDomain { get; set; }

    /// <summary>Where the files of the own certificate and key are.</summary>
    /// <value>Required unless another <see cref="IPeerCredentialSource"/> is registered.</value>
    public CredentialFileOptions Credential { get; set; } = new();

    /// <summary>The trusted trust domains by name.</summary>
    /// <value>At least one, unless another <see cref="ITrustBundleSource"/> is registered. A trust domain that is not here is refused.</value>
    public IDictionary<string, TrustDomainOptions> TrustDomains { get; set; } =
        new Dictionary<string, TrustDomainOptions>(StringComparer.Ordinal);

    /// <summary>The servers this workload calls: a short name and the workload id the server has to prove.</summary>
    /// <value>Empty by default. HTTP clients name an entry through <c>AddMtls("name")</c>.</value>
    public IDictionary<string, string> Servers { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How far the clocks of two hosts may differ when validity periods are compared.</summary>
    /// <value>Default 5 seconds; 0 to 60 seconds.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the certificate, key and anchor files are compared with what is loaded.</summary>
    /// <value>Default 1 second; 100 milliseconds to 1 hour.</value>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client waits for the TCP connection and the TLS handshake together.</summary>
    /// <value>Default 10 seconds; 1 second to 1 minute.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client connection may be used before a new one, with the then current credential, takes its place.</summary>
    /// <value>Default 5 minutes; 1 second to 1 hour.</value>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
