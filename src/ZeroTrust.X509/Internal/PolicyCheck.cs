namespace ZeroTrust.X509.Internal;

/// <summary>Certificate policies along a path (RFC 5280 section 6.1 as RFC 9618 mends it): a graph, level by level, so that no path can make it explode.</summary>
/// <remarks>
/// Of the graph only the current level is kept. Every node of it remembers from which policies of the anchor's domain it descends, which is
/// all that the intersection with the acceptable policies asks for at the end.
/// </remarks>
internal sealed class PolicyCheck
{
    private static readonly string Any = Convert.ToHexString(Oids.AnyPolicy);

    private readonly PathPolicy _policy;
    private Dictionary<string, Node> _level = new(StringComparer.Ordinal) { [Any] = new Node([Any], []) };
    private int _explicitPolicy;
    private int _policyMapping;
    private int _inhibitAny;

    private PolicyCheck(PathPolicy policy, int length)
    {
        _policy = policy;
        _explicitPolicy = policy.RequireExplicitPolicy ? 0 : length + 1;
        _policyMapping = policy.InhibitPolicyMapping ? 0 : length + 1;
        _inhibitAny = policy.InhibitAnyPolicy ? 0 : length + 1;
    }

    /// <summary>Checks a path, the leaf first and the anchor last; the anchor itself is not processed (RFC 5280 section 6.1).</summary>
    public static Refusal? Check(IReadOnlyList<Certificate> path, PathPolicy policy, Budget budget)
    {
        var asksForPolicies = policy.RequireExplicitPolicy;
        for (var i = path.Count - 2; i >= 0; i--)
        {
            var extensions = path[i].Extensions;
            asksForPolicies |= extensions.PolicyConstraints is not null || extensions.PolicyMappings.Length > 0;
            if (!budget.TakePolicies((extensions.Policies?.Length ?? 0) + extensions.PolicyMappings.Length))
            {
                return null;
            }
        }

        // Without a demand for a policy no set of policies can fail.
        return asksForPolicies ? new PolicyCheck(policy, path.Count - 1).Run(path) : null;
    }

    private Refusal? Run(IReadOnlyList<Certificate> path)
    {
        for (var i = path.Count - 2; i >= 0; i--)
        {
            var certificate = path[i];
            var isLast = i == 0;
            Descend(certificate, isLast);
            if (_explicitPolicy <= 0 && _level.Count == 0)
            {
                return Refuse(certificate, "No certificate policy is left where one is required (RFC 5280 section 6.1.3 (f)).");
            }

            if (!isLast && !Prepare(certificate))
            {
                return Refuse(certificate, "A policy is mapped from or to anyPolicy (RFC 5280 section 6.1.4 (a)).");
            }
        }

        return WrapUp(path[0]);
    }

    /// <summary>RFC 5280 section 6.1.3 (d) and (e).</summary>
    private void Descend(Certificate certificate, bool isLast)
    {
        var next = new Dictionary<string, Node>(StringComparer.Ordinal);
        var policies = (certificate.Extensions.Policies ?? []).Select(oid => Convert.ToHexString(oid.Span)).ToArray();
        foreach (var policy in policies.Where(policy => policy != Any))
        {
            if (TryInherit(policy, out var node))
            {
                next.Add(policy, node);
            }
            else if (_level.ContainsKey(Any))
            {
                next.Add(policy, new Node([policy], [policy]));
            }
        }

        if (policies.Contains(Any, StringComparer.Ordinal) && (_inhibitAny > 0 || (!isLast && certificate.IsSelfIssued)))
        {
            foreach (var expected in _level.Values.SelectMany(node => node.Expected).Distinct(StringComparer.Ordinal))
            {
                if (!next.ContainsKey(expected) && TryInherit(expected, out var node))
                {
                    next.Add(expected, node);
                }
            }
        }

        _level = next;
    }

    private bool TryInherit(string policy, out Node node)
    {
        var parents = _level.Values.Where(parent => parent.Expected.Contains(policy)).ToArray();
        node = new Node([policy], [.. parents.SelectMany(parent => parent.Origins)]);
        return parents.Length > 0;
    }

    /// <summary>RFC 5280 section 6.1.4 (a), (b), (h), (i) and (j).</summary>
    private bool Prepare(Certificate certificate)
    {
        var extensions = certificate.Extensions;
        foreach (var group in extensions.PolicyMappings.GroupBy(mapping => Convert.ToHexString(mapping.IssuerDomain.Span), mapping => Convert.ToHexString(mapping.SubjectDomain.Span), StringComparer.Ordinal))
        {
            if (group.Key == Any || group.Contains(Any, StringComparer.Ordinal))
            {
                return false;
            }

            Map(group.Key, [.. group]);
        }

        if (!certificate.IsSelfIssued)
        {
            _explicitPolicy = Math.Max(0, _explicitPolicy - 1);
            _policyMapping = Math.Max(0, _policyMapping - 1);
            _inhibitAny = Math.Max(0, _inhibitAny - 1);
        }

        _explicitPolicy = Math.Min(_explicitPolicy, extensions.PolicyConstraints?.RequireExplicit ?? int.MaxValue);
        _policyMapping = Math.Min(_policyMapping, extensions.PolicyConstraints?.InhibitMapping ?? int.MaxValue);
        _inhibitAny = Math.Min(_inhibitAny, extensions.InhibitAnyPolicy?.SkipCertificates ?? int.MaxValue);
        return true;
    }

    private void Map(string policy, HashSet<string> targets)
    {
        if (_policyMapping == 0)
        {
            _level.Remove(policy);
        }
        else if (_level.TryGetValue(policy, out var node))
        {
            _level[policy] = node with { Expected = targets };
        }
        else if (_level.ContainsKey(Any))
        {
            _level.Add(policy, new Node(targets, [policy]));
        }
    }

    /// <summary>RFC 5280 section 6.1.5 (a), (b) and (g).</summary>
    private Refusal? WrapUp(Certificate leaf)
    {
        var isExplicit = _explicitPolicy <= 1 || leaf.Extensions.PolicyConstraints is { RequireExplicit: 0 };
        return !isExplicit || HoldsAcceptable()
            ? null
            : Refuse(leaf, "The path is valid for none of the acceptable certificate policies (RFC 5280 section 6.1.5 (g)).");
    }

    private bool HoldsAcceptable()
    {
        var acceptable = _policy.CertificatePolicies.Select(policy => Convert.ToHexString(Oids.Encode(policy))).ToHashSet(StringComparer.Ordinal);
        return acceptable.Contains(Any)
            ? _level.Count > 0
            : acceptable.Count > 0 && (_level.ContainsKey(Any) || _level.Values.Any(node => node.Origins.Overlaps(acceptable)));
    }

    private Refusal Refuse(Certificate certificate, string rule) =>
        Refusal.Of(
            certificate,
            X509RejectionReason.CertificatePolicyViolated,
            rule,
            expected: string.Join(' ', _policy.CertificatePolicies));

    private sealed record Node(HashSet<string> Expected, HashSet<string> Origins);
}
