using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>How a partner's server is judged: by its DNS name, under roots of its own, and by no rule of SPIFFE.</summary>
internal sealed class PartnerRules
{
    private readonly WorkloadId _workload;
    private readonly ReferenceIdentifier[] _expected;
    private readonly string[] _wildcardDomains;

    /// <param name="server">Its name in <c>ZeroTrust:Mtls:Servers</c>.</param>
    /// <param name="workload">Its DNS name.</param>
    public PartnerRules(string server, WorkloadId workload)
    {
        var name = workload.DnsName!;
        Server = server;
        _workload = workload;
        _expected = [ReferenceIdentifier.Dns(name)];

        // One label, and never below a domain that is a whole registry: *.example stands for everybody there.
        var parent = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        _wildcardDomains = parent.Contains('.', StringComparison.Ordinal) ? [parent] : [];

        // The bundle needs a name. It is that of no trust domain: a leaf of one is refused before its bundle is asked for.
        Domain = TrustDomain.Parse(name);
    }

    public string Server { get; }

    public TrustDomain Domain { get; }

    public string LifetimeSetting => $"{MtlsOptions.SectionName}:{nameof(MtlsOptions.Servers)}:{Server}:{nameof(ServerOptions.MaxLeafLifetime)}";

    /// <summary>Whether a server of the options has roots of its own.</summary>
    public static bool AreFor(string name, ServerOptions server, MtlsDangers? dangers) =>
        server.AnchorFile is not null || dangers?.SystemRoots.ContainsKey(name) == true;

    /// <summary>No partner speaks for a workload of a trust domain.</summary>
    public Rejection? CheckNames(SubjectNames names) => names.HasSpiffeName
        ? MtlsRejections.Refuse(
            MtlsRejectionReason.ServerIdentityMismatch,
            "A partner's server is known by its DNS name, and this leaf has a SPIFFE ID.",
            _workload.ToString(),
            string.Join(", ", names.UriNames))
        : null;

    public PathPolicy Narrow(PathPolicy policy) => policy with { Expected = _expected, WildcardDomains = _wildcardDomains };
}
