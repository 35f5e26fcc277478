using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>Why we may accept what the platform refuses. What the rules do not explain in full fails the run.</summary>
internal static class DisagreementRules
{
    public const string Unexplained = "unexplained";
    public const string OtherPath = "other-path";

    private const X509ChainStatusFlags NameConstraint =
        X509ChainStatusFlags.HasExcludedNameConstraint | X509ChainStatusFlags.HasNotPermittedNameConstraint | X509ChainStatusFlags.InvalidNameConstraints;

    private const X509ChainStatusFlags AnchorAlone =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    public static DisagreementRule[] All { get; } =
    [
        new(
            OtherPath,
            "The platform accepts exactly the path we chose, and did not find it: it does not turn back from a certificate that leads nowhere (RFC 4158 section 2.4.2).",
            X509ChainStatusFlags.NoError,
            static found => found.OverOurPath.IsAccepted),
        new(
            "anchor-not-self-signed",
            "The anchor is an intermediate, or signed by another key than its own. RFC 5280 section 6.1.1 (d) takes any name and key; the platform's chains end in self-signed certificates.",
            AnchorAlone,
            static found => (found.OverOurPath.Status & AnchorAlone & ~found.OverAnchor.Status) == X509ChainStatusFlags.NoError),
        new(
            "last-second",
            "A certificate ends in the second of the decision. RFC 5280 section 4.1.2.5 counts notAfter in; OpenSSL counts it out.",
            X509ChainStatusFlags.NotTimeValid,
            static found => found.EndsInThisSecond),
        new(
            "key-identifier",
            "A certificate names another key identifier than its issuer's. RFC 5280 section 4.2.1.1 and RFC 4158 section 3.5.12 make it a hint for building; name and signature decide.",
            X509ChainStatusFlags.PartialChain,
            static found => found.KeyIdentifiersDiffer),
        new(
            "any-purpose",
            "A CA allows anyExtendedKeyUsage, which RFC 5280 section 4.2.1.12 lets stand for every purpose; the platform knows named ones only.",
            X509ChainStatusFlags.NotValidForUsage,
            static found => found.AuthorityAllowsAnyPurpose),
        new(
            "explicit-policy",
            "A CA requires an explicit certificate policy and a CA has no extended key usage. The platform then takes the absent extension for one without a purpose; RFC 5280 section 6.1 knows no such link.",
            X509ChainStatusFlags.NotValidForUsage,
            static found => found.ExplicitPolicyMeetsAbsentPurposes),
        new(
            "self-issued",
            "A CA below the anchor is self-issued, as when it changes its key (RFC 5280 section 3.2), and names no key identifier; OpenSSL takes it for self-signed.",
            X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.UntrustedRoot,
            static found => found.IntermediateIsSelfIssued),
        new(
            "common-name",
            "The leaf has no DNS name and a CA constrains some. OpenSSL takes the common name for a host; RFC 9525 section 2 says it never identifies one.",
            NameConstraint,
            static found => found.CommonNameIsConstrained),
        new(
            "unusable-key",
            "The leaf's public key is no key, such as a point beside the curve: nobody can prove to hold it, and so no handshake presents it.",
            PlatformVerdict.NotJudged,
            static found => found.LeafKeyIsUnusable),
        new(
            "unreadable-name",
            "A name holds a value that is no text, or text that is not of its type, such as octets that are no UTF-8. The platform reads no such certificate; we compare such a value by octets.",
            X509ChainStatusFlags.PartialChain | PlatformVerdict.NotJudged,
            static found => found.NameIsUnreadable),
        new(
            "unread-field",
            "A unique identifier, an otherName, or the issuer in an authority key identifier is malformed inside. Nothing is taken from them and we pass over their content.",
            X509ChainStatusFlags.PartialChain | PlatformVerdict.NotJudged,
            static found => found.HoldsUnreadFields),
    ];

    /// <summary>The names of the rules that together account for every objection.</summary>
    public static string Explain(Disagreement found)
    {
        if (found.OverOurPath.IsAccepted)
        {
            return OtherPath;
        }

        var rest = found.OverOurPath.Status;
        var used = new List<string>();
        foreach (var rule in All.Where(rule => rule.Applies(found)))
        {
            if ((rest & rule.Objections) != X509ChainStatusFlags.NoError)
            {
                used.Add(rule.Name);
                rest &= ~rule.Objections;
            }
        }

        return rest == X509ChainStatusFlags.NoError ? string.Join(" + ", used) : Unexplained;
    }
}
