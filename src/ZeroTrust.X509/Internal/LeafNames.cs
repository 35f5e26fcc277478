using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>The names of a leaf: well formed, and among them those that are expected (RFC 5280 section 4.2.1.6, RFC 9525 section 6).</summary>
internal static class LeafNames
{
    private const string SpiffeScheme = "spiffe:";

    public static Refusal? Check(Certificate leaf, PathPolicy policy) =>
        CheckForm(leaf, policy) ?? CheckExpected(leaf, policy) ?? CheckCommonName(leaf, policy);

    private static Refusal? CheckForm(Certificate leaf, PathPolicy policy)
    {
        if (leaf.Subject.IsEmpty && leaf.Extensions.SubjectAltName is not { IsCritical: true } && policy.Profile == PathProfile.Rfc5280)
        {
            return Refusal.Of(
                leaf,
                X509RejectionReason.NameMissing,
                "The leaf has no subject, and its alternative name is not critical (RFC 5280 section 4.1.2.6).");
        }

        if (policy.BaselineRequirements && !leaf.Subject.IsEmpty && leaf.Extensions.SubjectAltName is { IsCritical: true })
        {
            return CertificateRules.Invalid(
                leaf,
                "The alternative name is critical beside a subject (Baseline Requirements section 7.1.2.7.12).");
        }

        foreach (var name in leaf.Names)
        {
            if (FindFlaw(name, leaf, policy) is { } flaw)
            {
                return CertificateRules.Invalid(
                    leaf,
                    $"The {name.KindText} '{LogText.Fact(name.ToString())}' of the leaf {flaw} (RFC 5280 section 4.2.1.6).",
                    presented: $"{name.Kind}:{name}");
            }
        }

        return null;
    }

    /// <summary>What is wrong with a name, as the end of a sentence; null when nothing is.</summary>
    /// <remarks>
    /// A leaf with a SPIFFE ID is known by no other name, so that a DNS name beside it that is no host name (<c>orders_api</c>,
    /// <c>orders.svc.</c>) does no harm, and a mailbox identifies nobody who was not expected by it. Name constraints refuse what they cannot
    /// compare. What no resolver or mail server ever takes for a name is refused in any case.
    /// </remarks>
    private static string? FindFlaw(GeneralName name, Certificate leaf, PathPolicy policy) => name.Kind switch
    {
        GeneralNameKind.Dns when !DnsNames.IsHostName(name.Text) && !DnsNames.TryReadWildcard(name.Text, out _) =>
            IsAsked(name.Kind, policy) || !HasSpiffeId(leaf)
                ? "is no host name of letters, digits and hyphens, with a wildcard as the whole first label or none"
                : DnsNames.IsHarmless(name.Text)
                    ? null
                    : "holds other characters than letters, digits, hyphens, underscores, dots and asterisks, or is empty or too long",
        GeneralNameKind.IpAddress when name.Value.Length is not (4 or 16) => "has neither 4 nor 16 octets",
        GeneralNameKind.Uri when !UriNames.IsAbsolute(name.Text) => "is not absolute",
        GeneralNameKind.Email when !MailboxNames.IsWellFormed(name.Text) =>
            IsAsked(name.Kind, policy)
                ? "is no mailbox of a local part and a host"
                : MailboxNames.IsHarmless(name.Text) ? null : "holds spaces or control characters, or is empty",
        _ => null,
    };

    private static bool HasSpiffeId(Certificate leaf)
    {
        foreach (var name in leaf.Names)
        {
            if (name.Kind == GeneralNameKind.Uri && name.Text.StartsWith(SpiffeScheme, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAsked(GeneralNameKind kind, PathPolicy policy)
    {
        if (policy.Profile == PathProfile.Rfc5280 || policy.BaselineRequirements)
        {
            return true;
        }

        foreach (var expected in policy.Expected)
        {
            if (expected.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    private static Refusal? CheckExpected(Certificate leaf, PathPolicy policy)
    {
        foreach (var expected in policy.Expected)
        {
            if (!Array.Exists(leaf.Names, name => name.Kind == expected.Kind && Matches(name, expected, policy.WildcardDomains)))
            {
                return Refusal.Of(
                    leaf,
                    X509RejectionReason.NameMismatch,
                    "The leaf does not carry the expected name (RFC 9525 section 6).",
                    expected: expected.ToString(),
                    presented: string.Join(' ', leaf.Names.Take(8).Select(name => $"{name.Kind}:{name}")));
            }
        }

        return null;
    }

    private static bool Matches(GeneralName name, ReferenceIdentifier expected, IReadOnlyList<string> wildcardDomains) => expected.Kind switch
    {
        GeneralNameKind.Dns => name.Text.Equals(expected.Value, StringComparison.OrdinalIgnoreCase) || MatchesWildcard(name.Text, expected.Value, wildcardDomains),
        GeneralNameKind.IpAddress => name.Value.Span.SequenceEqual(expected.Address),
        GeneralNameKind.Uri => name.Text.Equals(expected.Value, StringComparison.Ordinal),
        GeneralNameKind.Email => MailboxNames.AreEqual(name.Text, expected.Value),
        _ => false,
    };

    private static bool MatchesWildcard(string name, string expected, IReadOnlyList<string> wildcardDomains)
    {
        if (wildcardDomains.Count == 0 || !DnsNames.TryReadWildcard(name, out var domain) || !DnsNames.IsDirectlyBelow(expected, domain))
        {
            return false;
        }

        foreach (var allowed in wildcardDomains)
        {
            if (domain.Equals(allowed, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static Refusal? CheckCommonName(Certificate leaf, PathPolicy policy)
    {
        if (policy.CommonName == CommonNameRule.Ignored)
        {
            return null;
        }

        foreach (var commonName in leaf.Subject.TextOf(Oids.CommonName.ToArray()))
        {
            if (!Array.Exists(leaf.Names, name => name.Kind is GeneralNameKind.Dns or GeneralNameKind.IpAddress && name.ToString() == commonName))
            {
                return Refusal.Of(
                    leaf,
                    X509RejectionReason.NameMismatch,
                    "The common name repeats no alternative name (Baseline Requirements section 7.1.4.3).",
                    presented: commonName);
            }
        }

        return null;
    }
}
