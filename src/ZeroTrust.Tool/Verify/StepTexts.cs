using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>What a step that let the certificates pass has seen.</summary>
internal static class StepTexts
{
    public static string Of(VerifyStep step, VerifyInput input, IReadOnlyList<Certificate> path, VerifiedPeer? peer) => step switch
    {
        VerifyStep.Read => $"1 leaf and {input.Presented.Count - 1} more",
        VerifyStep.KeyUsage => input.Judge.Partner is null ? "digitalSignature, critical, signs no certificates" : "one that a partner's server may have",
        VerifyStep.Names => input.Judge.Partner is null ? Names(input.Leaf!) : "no SPIFFE ID; the DNS name is asked for with the path",
        VerifyStep.Purposes => SpiffeNameOf(input.Leaf!) is not null ? "serverAuth and clientAuth" : "that of its role is asked for with the path",
        VerifyStep.TrustDomain => input.Bundle is { } bundle
            ? $"{input.TrustDomain}; anchors that may judge it: {bundle.Anchors.Count}"
            : "anchors of its own",
        VerifyStep.Lifetime => Lifetime(input),
        VerifyStep.Path => path.Count > 0 ? string.Join(" <- ", path.Select(certificate => certificate.SubjectName)) : "there is one",
        VerifyStep.Revocation => input.Bundle is null ? "nothing speaks against it" : input.Bundle.Crls is { } crls
            ? $"declared by CRLs: no certificate of the path is on the {crls.Count} given"
            : "declared by short lives: there is nothing to ask",
        VerifyStep.Veto => "the platform's X509Chain does not object",
        VerifyStep.Denial => input.Judge.DenialText,
        VerifyStep.Identity => input.Judge.IdentityText(peer!),
        _ => string.Empty,
    };

    private static string? SpiffeNameOf(Certificate leaf) =>
        leaf.UriNames is [var uri] && uri.StartsWith("spiffe:", StringComparison.Ordinal) ? uri : null;

    private static string Names(Certificate leaf)
    {
        var workload = SpiffeNameOf(leaf) ?? (leaf.DnsNames is [var name] ? "dns:" + name.ToLowerInvariant() : null);
        return workload is null
            ? "no workload: neither a SPIFFE ID nor exactly one DNS name, so it is on no list of peers"
            : $"the workload is {workload}";
    }

    private static string Lifetime(VerifyInput input) => input.Bundle?.MaxLeafLifetime is { } limit
        ? $"{input.Leaf!.NotAfter - input.Leaf.NotBefore:c}, within {limit:c} and a minute for back-dating"
        : input.Bundle is null ? "within the limit" : "no limit, since CRLs are declared";
}
