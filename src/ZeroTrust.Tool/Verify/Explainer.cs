using Microsoft.Extensions.Options;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>Lets the verifier that services use decide, and tells how it came to its verdict.</summary>
internal static class Explainer
{
    private static readonly RejectionFamily<MtlsRejectionReason> Mtls = new("mtls", _ => RejectionKind.Unauthenticated);

    public static Explanation Explain(VerifyInput input)
    {
        var verdict = Decide(input);
        var path = FindPath(input);
        return new Explanation(input, verdict)
        {
            Certificates = [.. input.Presented.Select((der, index) => CertificateFacts.Of(index == 0 ? "leaf" : "intermediate", der))],
            Anchors = [.. input.Bundle.Anchors.Select(anchor => CertificateFacts.Of("anchor", anchor.Der))],
            Path = path,
            Steps = Steps(input, verdict, path),
        };
    }

    private static Verdict<VerifiedPeer> Decide(VerifyInput input)
    {
        var request = input.Request;
        if (!PeerCertificates.Create(input.Presented[0], input.Presented.Skip(1).Select(der => new ReadOnlyMemory<byte>(der)))
            .TryGet(out var certificates, out var tooLarge))
        {
            return tooLarge;
        }

        var options = Options.Create(new MtlsOptions { TrustDomain = input.TrustDomain.ToString() });
        var verifier = new PeerVerifier(new MemoryTrustBundleSource(new TrustBundleSet(input.Bundle)), options, new MomentTimeProvider(request.At));
        var verdict = verifier.Verify(certificates, request.Role);
        return verdict.IsAccepted && request.Expected is { } expected ? CheckIdentity(verdict.Value, expected) : verdict;
    }

    // As a listener's list of peers and a client's binding do.
    private static Verdict<VerifiedPeer> CheckIdentity(VerifiedPeer peer, WorkloadId expected)
    {
        var refused = peer.Role == PeerRole.Client
            ? new PeerAllowList(expected).Check(peer).Rejection
            : IsServer(peer, expected) ? null : Mtls.Refuse(MtlsRejectionReason.ServerIdentityMismatch, "The server is not the expected one.");
        return refused is null
            ? peer
            : new Rejection(refused.Code, refused.Detail, refused.Kind) { Expected = expected.ToString(), Presented = Spell(peer) };
    }

    // A server may answer under several DNS names, and a client under exactly one.
    private static bool IsServer(VerifiedPeer peer, WorkloadId expected) => expected.DnsName is { } name
        ? peer.Workload?.SpiffeId is null && peer.DnsNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        : peer.Workload == expected;

    private static string Spell(VerifiedPeer peer) =>
        peer.Workload is null && peer.DnsNames.Count > 0 ? string.Join(", ", peer.DnsNames) : peer.ToString();

    /// <summary>The path by RFC 5280 alone, so that it can be shown also where revocation or the platform refuses it.</summary>
    private static IReadOnlyList<string> FindPath(VerifyInput input)
    {
        var intermediates = new List<Certificate>();
        foreach (var der in input.Presented.Skip(1))
        {
            if (Certificate.Read(der).TryGet(out var intermediate, out _))
            {
                intermediates.Add(intermediate);
            }
        }

        var policy = new PathPolicy
        {
            Purpose = input.Request.Role == PeerRole.Client ? KeyPurposes.ClientAuth : KeyPurposes.ServerAuth,
            ClockSkew = new MtlsOptions().ClockSkew,
            Revocation = RevocationMode.None,
            PlatformVeto = false,
        };
        return input.Leaf is { } leaf
            && new PathValidator(input.Bundle.Anchors).Validate(leaf, intermediates, policy, input.Request.At).TryGet(out var path, out _)
            ? [.. path.Certificates.Select(certificate => certificate.SubjectName)]
            : [];
    }

    private static List<StepOutcome> Steps(VerifyInput input, Verdict<VerifiedPeer> verdict, IReadOnlyList<string> path)
    {
        var refusedAt = verdict.IsAccepted ? (VerifyStep?)null : StepOf(verdict.Rejection.Code);
        return [.. Enum.GetValues<VerifyStep>().Select(step => step.CompareTo(refusedAt ?? VerifyStep.Identity) switch
        {
            _ when step == refusedAt => new StepOutcome(step, StepResult.No, verdict.Rejection!.Detail),
            > 0 => new StepOutcome(step, StepResult.NotReached, "not reached"),
            _ => new StepOutcome(step, StepResult.Ok, StepTexts.Of(step, input, path)),
        })];
    }

    private static VerifyStep StepOf(string code) => code switch
    {
        "mtls.too_large" or "x509.malformed" or "x509.key_disagreement" => VerifyStep.Read,
        "mtls.key_usage_invalid" => VerifyStep.KeyUsage,
        "mtls.uri_name_count" or "mtls.spiffe_id_invalid" => VerifyStep.Names,
        "mtls.extended_key_usage_incomplete" => VerifyStep.Purposes,
        "mtls.trust_domain_unknown" => VerifyStep.TrustDomain,
        "mtls.lifetime_too_long" => VerifyStep.Lifetime,
        "x509.revoked" or "x509.revocation_status_unavailable" => VerifyStep.Revocation,
        "x509.platform_veto" => VerifyStep.Veto,
        "mtls.no_workload_id" or "mtls.peer_not_listed" or "mtls.server_identity_mismatch" => VerifyStep.Identity,
        _ => VerifyStep.Path,
    };
}
