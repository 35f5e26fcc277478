using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>Judges cases with the validator as an application would: certificates from bytes, one policy, one moment.</summary>
internal static class CaseRunner
{
    public static Outcome[] RunAll(IReadOnlyList<ConformanceCase> cases, bool veto)
    {
        var outcomes = new Outcome[cases.Count];
        Parallel.For(0, cases.Count, index => outcomes[index] = Run(cases[index], veto));
        return outcomes;
    }

    public static Outcome Run(ConformanceCase test, bool veto)
    {
        try
        {
            return Judge(test, Certificate.Read(test.Leaf), test.Intermediates.Select(Certificate.Read), veto);
        }
        catch (Exception exception)
        {
            return new(Accepted: false, Outcome.Threw, exception.ToString());
        }
    }

    /// <summary>Judges what was presented by the anchors, CRLs, policies and moment of a case.</summary>
    public static Outcome Judge(ConformanceCase test, Verdict<Certificate> presented, IEnumerable<Verdict<Certificate>> beside, bool veto)
    {
        if (test.Unaskable is { } why)
        {
            return new(Accepted: false, "unaskable", why);
        }

        if (!presented.TryGet(out var leaf, out var rejection))
        {
            return Outcome.Of(rejection);
        }

        var anchors = new List<Certificate>();
        foreach (var der in test.Anchors)
        {
            if (!Certificate.Read(der).TryGet(out var anchor, out rejection))
            {
                return Outcome.Of(rejection);
            }

            anchors.Add(anchor);
        }

        var intermediates = beside.Where(read => read.IsAccepted).Select(read => read.Value!).ToArray();
        var crls = test.Crls.Select(CertificateRevocationList.Read).Where(read => read.IsAccepted).Select(read => read.Value!);
        var validator = new PathValidator(new TrustAnchorSet(anchors), new CrlSet(crls));
        var accepted = new List<string>();
        foreach (var policy in test.Policies)
        {
            if (!validator.Validate(leaf, intermediates, policy with { PlatformVeto = veto }, test.Time).TryGet(out var path, out rejection))
            {
                return Outcome.Of(rejection);
            }

            accepted.Add(path.ToString());
        }

        return new(Accepted: true, "accepted", string.Join("; ", accepted));
    }
}
