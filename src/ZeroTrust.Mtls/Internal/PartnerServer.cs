using ZeroTrust.Mtls.Sources;

namespace ZeroTrust.Mtls.Internal;

/// <summary>A partner's server, as operators are told of it.</summary>
/// <param name="Name">Its name in <c>ZeroTrust:Mtls:Servers</c>.</param>
/// <param name="Identity">Who it has to be.</param>
/// <param name="Trust">Its roots.</param>
/// <param name="AnchorFile">The file of the roots; null for the system's.</param>
internal sealed record PartnerServer(string Name, ServerIdentity Identity, PartnerTrust Trust, string? AnchorFile)
{
    /// <summary>Under which it is counted among the weakened checks.</summary>
    public Weakening Weakening => new($"mtls.partner_server:{Name}", $"configured: {this}");

    public override string ToString()
    {
        var bundle = Trust.Bundle;
        var roots = AnchorFile is null ? "the system's roots" : $"the roots of '{AnchorFile}'";
        var life = bundle.MaxLeafLifetime is { } longest ? $"a life of at most {longest:c}" : "any life";
        return $"{Identity.Workload} under {roots} ({bundle.Anchors.Count}), with {life}, {(bundle.Crls is null ? "without CRLs" : "with CRLs")}, "
            + (Identity.SendsCertificate ? "and is sent the own certificate" : "and is not sent the own certificate");
    }
}
