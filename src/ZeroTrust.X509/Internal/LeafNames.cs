namespace ZeroTrust.X509.Internal;

/// <summary>The names of a leaf: well formed, and among them those that are expected (RFC 5280 section 4.2.1.6, RFC 9525 section 6).</summary>
internal static class LeafNames
{
    public static Rejection? Check(Certificate leaf, PathPolicy policy) =>
        CheckForm(leaf, policy) ?? CheckExpected(leaf, policy) ?? CheckCommonName(leaf, policy);

    private static Rejection? CheckForm(Certificate leaf, PathPolicy policy)
    {
        if (leaf.Subject.IsEmpty && leaf.Extensions.SubjectAltName is not { IsCritical: true } && policy.Profile == PathProfile.Rfc5280)
        {
            return CertificateRules.Refuse(leaf, X509RejectionReason.NameMissing, "The leaf has no subject, and its alternative name is not critical.");
        }

        if (policy.BaselineRequirements && !leaf.Subject.IsEmpty && leaf.Extensions.SubjectAltName is { IsCritical: true })
        {
            return CertificateRules.Invalid(leaf, "The alternative name is critical beside a subject (Baseline Requirements section 7.1.2.7.12).");
        }

        foreach (var name in leaf.Names)
        {
            var isWellFormed = name.Kind switch
            {
                GeneralNameKind.Dns => DnsNames.IsHostName(name.Text) || DnsNames.TryReadWildcard(name.Text, out _),
                GeneralNameKind.IpAddress => name.Value.Length is 4 or 16,
                GeneralNameKind.Uri => UriNames.IsAbsolute(name.Text),
                GeneralNameKind.Email => MailboxNames.TryRead(name.Text, out _, out _),
                _ => true,
            };
            if (!isWellFormed)
            {
                return X509Rejections.Refuse(X509RejectionReason.ExtensionInvalid, "A name of the leaf is malformed.", presented: $"{name.Kind}:{name}");
            }
        }

        return null;
    }

    private static Rejection? CheckExpected(Certificate leaf, PathPolicy policy)
    {
        foreach (var expected in policy.Expected)
        {
            if (!Array.Exists(leaf.Names, name => name.Kind == expected.Kind && Matches(name, expected, policy.WildcardDomains)))
            {
                return X509Rejections.Refuse(
                    X509RejectionReason.NameMismatch,
                    "The leaf does not carry the expected name.",
                    expected.ToString(),
                    string.Join(' ', leaf.Names.Take(8).Select(name => $"{name.Kind}:{name}")));
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

    private static Rejection? CheckCommonName(Certificate leaf, PathPolicy policy)
    {
        if (policy.CommonName == CommonNameRule.Ignored)
        {
            return null;
        }

        foreach (var commonName in leaf.Subject.TextOf(Oids.CommonName.ToArray()))
        {
            if (!Array.Exists(leaf.Names, name => name.Kind is GeneralNameKind.Dns or GeneralNameKind.IpAddress && name.ToString() == commonName))
            {
                return X509Rejections.Refuse(X509RejectionReason.NameMismatch, "The common name repeats no alternative name.", presented: commonName);
            }
        }

        return null;
    }
}
