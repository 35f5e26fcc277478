using System.Globalization;
using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>What clients ask of an edge listener's certificate, whoever their anchors are: the rules for a server's leaf, without those of the mesh.</summary>
internal static class EdgeCertificateRules
{
    // Without anchors no path is found, which is told after all that is wrong with the leaf itself.
    private const string NoPath = "x509.untrusted_anchor";

    // As the mesh has by default.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private static readonly PathValidator Validator = new(new TrustAnchorSet());

    private static readonly PathPolicy Policy = new()
    {
        Purpose = KeyPurposes.ServerAuth,
        ClockSkew = ClockSkew,
        Revocation = RevocationMode.None,
    };

    /// <summary>Whether every client with the same time would refuse it as not yet valid.</summary>
    public static bool IsNotYetValid(PeerCredential credential, DateTimeOffset now) => credential.NotBefore - now > ClockSkew;

    /// <summary>Whether every client with the same time would refuse it as expired; the whole last second belongs to its life.</summary>
    public static bool HasExpired(PeerCredential credential, DateTimeOffset now) => credential.NotAfter < now;

    /// <returns>Why clients would refuse it; null where they would not.</returns>
    public static string? FaultOf(PeerCredential credential, DateTimeOffset now)
    {
        if (HasExpired(credential, now) || IsNotYetValid(credential, now))
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"is valid from {credential.NotBefore:u} to {credential.NotAfter:u}, and it is {now:u}");
        }

        if (!Certificate.Read(credential.Certificate.RawDataMemory).TryGet(out var leaf, out var unreadable))
        {
            return "cannot be read: " + unreadable;
        }

        if (Validator.Validate(leaf, [], Policy, now).Rejection is { } unfit && unfit.Code != NoPath)
        {
            return "would be refused by clients: " + Describe(unfit);
        }

        return leaf.DnsNames.Count == 0 && leaf.IpAddresses.Count == 0
            ? "has no DNS name and no IP address as subject alternative name, and clients do not read its common name"
            : null;
    }

    private static string Describe(Rejection unfit) => unfit switch
    {
        { Expected: { } expected, Presented: { } presented } => $"{unfit} Expected {expected}, found {presented}.",
        { Presented: { } presented } => $"{unfit} Found {presented}.",
        _ => unfit.ToString(),
    };
}
