using System.Security.Cryptography.X509Certificates;
using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Where the platform reads a path otherwise than we do on purpose, as the certificates themselves show.</summary>
/// <remarks>
/// An objection is answered only where it can be about nothing else: one name more that both read alike, under a constraint of its kind, and
/// the objection stays, for it may be about that one.
/// </remarks>
internal sealed class PlatformReadings(IReadOnlyList<Certificate> path, string? purpose)
{
    private const X509ChainStatusFlags NameConstraintFlags =
        X509ChainStatusFlags.HasNotPermittedNameConstraint
        | X509ChainStatusFlags.HasExcludedNameConstraint
        | X509ChainStatusFlags.HasNotSupportedNameConstraint
        | X509ChainStatusFlags.InvalidNameConstraints;

    /// <summary>A self-issued certificate without key identifiers is taken for a root that its own key has to have signed.</summary>
    private const X509ChainStatusFlags TakenForRoot =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    /// <summary>Whether the platform has to end at this certificate because of key identifiers, so that our proof of the step to its issuer holds.</summary>
    public bool IsStepOurs(int index) =>
        (PlatformKeyIdentifiers.Disagree(path[index], path[index + 1]) || IsTakenForRoot(path[index]))
        && !path.Skip(index + 1).Any(certificate => certificate.Extensions.NameConstraints is not null);

    public bool Answers(PlatformObjection objection, int? openAt)
    {
        if (objection.Index is not { } index)
        {
            return false;
        }

        return objection.Status switch
        {
            X509ChainStatusFlags.PartialChain when index == openAt => true,
            var status when index == openAt && (status & ~TakenForRoot) == X509ChainStatusFlags.NoError && IsTakenForRoot(path[index]) =>
                true,
            var status when status != X509ChainStatusFlags.NoError && (status & ~NameConstraintFlags) == X509ChainStatusFlags.NoError =>
                new PlatformNames(path, index).AreAllReadOtherwise,
            X509ChainStatusFlags.NotValidForUsage => IsUsageAnswered(),
            X509ChainStatusFlags.InvalidBasicConstraints =>
                index == path.Count - 1 && path[index] is { Version: < 3, HasExtensions: false },
            _ => false,
        };
    }

    public string Spell(PlatformObjection objection)
    {
        var place = objection.Index is { } index && index < path.Count ? $" at {CertificateText.Of(path[index])}" : string.Empty;
        return $"{objection.Status}{place}: {LogText.Fact(objection.Text.Trim())}";
    }

    private static bool IsTakenForRoot(Certificate certificate) =>
        certificate.IsSelfIssued
        && (certificate.Extensions.AuthorityKeyIdentifier?.KeyId is null || certificate.Extensions.SubjectKeyIdentifier is null);

    /// <summary>RFC 5280 section 4.2.1.12: anyExtendedKeyUsage of a CA allows the purpose. The platform wants it by name in every certificate.</summary>
    private bool IsUsageAnswered()
    {
        if (KeyPurposes.Encode(purpose) is not { } wanted)
        {
            return false;
        }

        var usages = path
            .Select(certificate => certificate.Extensions.ExtendedKeyUsage)
            .OfType<ExtendedKeyUsage>()
            .Where(usage => !usage.Holds(wanted))
            .ToArray();
        return usages.Length > 0 && Array.TrueForAll(usages, usage => usage.Holds(Oids.AnyExtendedKeyUsage));
    }
}
