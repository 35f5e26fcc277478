using ZeroTrust.Mtls;
using ZeroTrust.Tool.Judges;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Verify;

/// <summary>Lets the handshake of a service decide, and tells how it came to its verdict.</summary>
internal static class Explainer
{
    public static Explanation Explain(VerifyInput input)
    {
        var verdict = input.Judge.Decide(input.Presented);
        var path = FindPath(input);
        return new Explanation(input, verdict)
        {
            Certificates = [.. input.Presented.Select((der, index) => CertificateFacts.Of(index == 0 ? "leaf" : "intermediate", der))],
            Anchors = [.. (input.Bundle?.Anchors ?? []).Select(anchor => CertificateFacts.Of("anchor", anchor.Der))],
            Path = [.. path.Select(certificate => certificate.SubjectName)],
            Steps = Steps(input, verdict, path),
            Notes = [.. input.Notes, .. NotOnPath(input, verdict, path)],
        };
    }

    /// <summary>The path by RFC 5280 alone, so that it can be shown also where revocation or the platform refuses it.</summary>
    private static IReadOnlyList<Certificate> FindPath(VerifyInput input)
    {
        if (input.Bundle is not { } bundle || input.Leaf is not { } leaf || input.Presented.Count - 1 > PeerCertificates.MaxIntermediates)
        {
            return [];
        }

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
            Purpose = input.Judge.Role == PeerRole.Client ? KeyPurposes.ClientAuth : KeyPurposes.ServerAuth,
            ClockSkew = input.Judge.ClockSkew,
            Revocation = RevocationMode.None,
            PlatformVeto = false,
        };
        return new PathValidator(bundle.Anchors).Validate(leaf, intermediates, policy, input.At).TryGet(out var path, out _) ? path.Certificates : [];
    }

    /// <summary>What a peer sends that builds one chain before it sends it is less than its file.</summary>
    private static IEnumerable<string> NotOnPath(VerifyInput input, Verdict<VerifiedPeer> verdict, IReadOnlyList<Certificate> path)
    {
        var others = input.Presented.Count(der => !path.Any(certificate => certificate.Der.Span.SequenceEqual(der)));
        return verdict.IsAccepted && others > 0 && path.Count > 0
            ?
            [
                FormattableString.Invariant($"{others} of the {input.Presented.Count} certificates are not on the path. All count as sent; ")
                    + "a service of .NET sends one chain of its file, which its platform chooses: --peer-settings shows which",
            ]
            : [];
    }

    private static IReadOnlyList<StepOutcome> Steps(VerifyInput input, Verdict<VerifiedPeer> verdict, IReadOnlyList<Certificate> path)
    {
        var refusedAt = verdict.IsAccepted ? (VerifyStep?)null : StepOf(verdict.Rejection.Code);
        return [.. Enum.GetValues<VerifyStep>().Select(step => step.CompareTo(refusedAt ?? VerifyStep.Identity) switch
        {
            _ when step == refusedAt => new StepOutcome(step, StepResult.No, Refusal(input.Judge, verdict.Rejection!)),
            > 0 => new StepOutcome(step, StepResult.NotReached, "not reached"),
            _ => new StepOutcome(step, StepResult.Ok, StepTexts.Of(step, input, path, verdict.Value)),
        })];
    }

    private static string Refusal(PeerJudge judge, Rejection rejection) =>
        judge.MissingRule(rejection) is { } rule ? $"{rejection.Detail} {char.ToUpperInvariant(rule[0])}{rule[1..]}" : rejection.Detail;

    private static VerifyStep StepOf(string code) => code switch
    {
        "mtls.handshake_invalid" or "mtls.too_large" or "x509.malformed" or "x509.key_disagreement" => VerifyStep.Read,
        "mtls.key_usage_invalid" => VerifyStep.KeyUsage,
        "mtls.uri_name_count" or "mtls.spiffe_id_invalid" => VerifyStep.Names,
        "mtls.extended_key_usage_incomplete" => VerifyStep.Purposes,
        "mtls.trust_domain_unknown" or "mtls.trust_stale" => VerifyStep.TrustDomain,
        "mtls.lifetime_too_long" => VerifyStep.Lifetime,
        "x509.denied" or "x509.revoked" or "x509.revocation_status_unavailable" => VerifyStep.Revocation,
        "x509.platform_veto" => VerifyStep.Veto,
        "mtls.workload_denied" => VerifyStep.Denial,
        "mtls.no_workload_id" or "mtls.peer_not_listed" or "mtls.server_identity_mismatch" => VerifyStep.Identity,
        _ => VerifyStep.Path,
    };
}
