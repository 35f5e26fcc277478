namespace ZeroTrust.Mtls;

/// <summary>A server this workload calls: who has to answer, and by what it is judged where it is a partner's.</summary>
/// <remarks>
/// In the configuration a text in place of the section is the <see cref="Workload"/>. A server with roots of its own is a partner's: these
/// roots, its name and its lifetime hold for connections to this one server. They admit no peer that connects here, and no other server.
/// </remarks>
public sealed class ServerOptions
{
    /// <summary>The workload id the server has to prove.</summary>
    /// <value>Required: a SPIFFE ID, or <c>dns:name</c>; of a partner's server <c>dns:name</c>.</value>
    public string? Workload { get; set; }

    /// <summary>File with the roots of the partner that runs the server.</summary>
    /// <value>Null by default: the anchors of the trust domain. PEM, one certificate as DER, or PKCS#12.</value>
    /// <remarks>
    /// The leaf has the name of <see cref="Workload"/>, itself or as a wildcard for its first label, and no SPIFFE ID. A leaf of the
    /// partner's own rules passes: a key usage that is not critical, or serverAuth alone.
    /// </remarks>
    public string? AnchorFile { get; set; }

    /// <summary>The password of a PKCS#12 file of roots.</summary>
    /// <value>Null by default.</value>
    public string? AnchorPassword { get; set; }

    /// <summary>Files with the CRLs of the partner's CAs. With any, a certificate whose status no current CRL tells is refused.</summary>
    /// <value>Empty by default. PEM, several CRLs to a file, or one CRL as DER; at most 64 MB each.</value>
    public IList<string> CrlFiles { get; set; } = [];

    /// <summary>How long a leaf of the partner may live.</summary>
    /// <value>Null by default: 24 hours without CRLs, and no limit with them. 1 minute to 398 days without CRLs. What is left of a leaf's life may be at most
    /// this and a minute, its whole life at most an hour more, since issuers begin leaves before they issue them.</value>
    /// <remarks>A key stolen from the partner is of use for this long, against this workload alone.</remarks>
    public TimeSpan? MaxLeafLifetime { get; set; }

    /// <summary>Whether the own certificate is sent to the partner's server.</summary>
    /// <value>Null by default: it is not, since it names this workload to strangers. Other servers are always sent it.</value>
    public bool? SendCertificate { get; set; }

    /// <summary>Whether the entry is the text of a workload id, so that no setting below it has to be named.</summary>
    internal bool IsText { get; init; }

    /// <summary>A server of a trust domain.</summary>
    /// <param name="workload">The workload id the server has to prove.</param>
    public static implicit operator ServerOptions(string workload) => FromString(workload);

    /// <summary>A server of a trust domain.</summary>
    /// <param name="workload">The workload id the server has to prove.</param>
    public static ServerOptions FromString(string workload) => new() { Workload = workload, IsText = true };
}
