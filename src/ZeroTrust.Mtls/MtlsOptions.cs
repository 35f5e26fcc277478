using ZeroTrust.Mtls.Internal;

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

    /// <summary>File of those who are refused whatever else speaks for them, on open connections too.</summary>
    /// <value>Null by default. Text, one to a line: <c>workload spiffe://example.test/orders</c>, <c>leaf</c> and a SHA-256 in hexadecimal, or
    /// <c>serial</c>, a serial number in hexadecimal and the file of the issuer's certificate; <c>#</c> begins a comment. At most 1 MB.</value>
    /// <remarks>A line that cannot be read refuses the whole file: at start the host stops, later the last good list stays.</remarks>
    public string? DenyListFile { get; set; }

    /// <summary>
    /// The servers this workload calls: a short name, and the workload id the server has to prove or how a partner's server is judged.
    /// </summary>
    /// <value>Empty by default. HTTP clients name an entry through <c>AddMtls("name")</c>. Names are compared without case.</value>
    /// <exception cref="ArgumentException">The dictionary that is set has two names that differ by case alone.</exception>
    public IDictionary<string, ServerOptions> Servers
    {
        get;
        set => field = ServerNames.Fold(value);
    } = new Dictionary<string, ServerOptions>(ServerNames.Comparer);

    /// <summary>How far the clocks of two hosts may differ when validity periods are compared.</summary>
    /// <value>Default 5 seconds; 0 to 60 seconds.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the files are compared with what is loaded: their length, time and links each time, their content every tenth time.
    /// </summary>
    /// <value>Default 500 milliseconds; 100 milliseconds to 1 hour.</value>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the files may go without being looked at before calls that rest on them are refused.</summary>
    /// <value>Default 1 minute; 10 seconds to 1 day, and never less than 20 times <see cref="ReloadInterval"/>.</value>
    /// <remarks>
    /// Readiness says so after ten looks that were missed, and no less than 5 seconds. A bad file that is looked at is not stale.
    /// </remarks>
    public TimeSpan MaxStaleness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a client waits for the TCP connection and the TLS handshake together.</summary>
    /// <value>Default 10 seconds; 1 second to 1 minute.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client connection may be used before a new one, with the then current credential, takes its place.</summary>
    /// <value>Default 5 minutes; 1 second to 1 hour.</value>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether client connections may resume TLS sessions (RFC 8446 section 2.2).</summary>
    /// <value>Default false: each connection makes a full handshake. A resumed server is verified again all the same.</value>
    public bool AllowResumption { get; set; }
}
