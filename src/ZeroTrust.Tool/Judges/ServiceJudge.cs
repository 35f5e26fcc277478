using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Mtls;
using ZeroTrust.Tool.Service;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Judges;

/// <summary>A service of given settings, asked through the handshakes it makes.</summary>
internal abstract class ServiceJudge(ServiceHost host) : PeerJudge
{
    private const string Section = MtlsOptions.SectionName;

    private readonly TrustBundleSet _bundles = host.Services.GetRequiredService<ITrustBundleSource>().GetBundles();

    public override TimeSpan ClockSkew => host.Mtls.ClockSkew;

    public override IReadOnlyList<string> Notes => host.Warnings;

    public override string DenialText => host.Mtls.DenyListFile is { } file ? $"'{file}' does not name it" : $"no {Section}:DenyListFile";

    protected ServiceHost Host => host;

    public override TrustDomain DomainOf(Certificate? leaf) => SpiffeDomainOf(leaf) ?? TrustDomain.Parse(host.Mtls.TrustDomain!);

    public override TrustBundle? BundleOf(TrustDomain domain) => _bundles.TryGet(domain, out var bundle) ? bundle : null;

    public override string? SettingOf(string code, TrustDomain domain) => code switch
    {
        "mtls.trust_domain_unknown" => $"{Section}:TrustDomains",
        "mtls.lifetime_too_long" => $"{Section}:TrustDomains:{domain}:MaxLeafLifetime",
        "x509.untrusted_anchor" or "x509.signature_invalid" => $"{Section}:TrustDomains:{domain}:AnchorFile",
        "x509.revoked" or "x509.revocation_status_unavailable" => $"{Section}:TrustDomains:{domain}:CrlFiles",
        "x509.denied" or "mtls.workload_denied" => $"{Section}:DenyListFile",
        "x509.expired" or "x509.not_yet_valid" => $"{Section}:ClockSkew",
        _ => null,
    };
}
