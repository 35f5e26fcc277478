using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Finds what is wrong with the CRLs in use, and whether anybody can still be accepted. Called by one caller at a time.</summary>
internal sealed class CrlHealth(TimeSpan clockSkew, TimeProvider time, ILogger logger)
{
    private Dictionary<TrustBundle, (PeerCredential Credential, CrlReview Review)> _reviews = new(ReferenceEqualityComparer.Instance);
    private HashSet<string> _told = new(StringComparer.Ordinal);
    private HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Logs every CRL that is found to be of no use, once.</summary>
    /// <param name="bundles">Those whose peers the service serves.</param>
    /// <param name="partners">Those of partners' servers, without which the service is ready still.</param>
    /// <param name="credential">The local one: its issuer is one that peers have.</param>
    /// <returns>The worst flaw; null when there is none.</returns>
    public CrlFlaw? Check(IReadOnlyCollection<TrustBundle> bundles, IEnumerable<TrustBundle> partners, PeerCredential credential)
    {
        var now = time.GetUtcNow();
        var all = bundles.Concat(partners).Where(bundle => bundle.Crls is not null).ToList();
        Review(all, credential);
        (_told, _known) = (new(StringComparer.Ordinal), _told);
        var flaws = all.SelectMany(bundle => Flaws(bundle, now)).ToList();
        var unserved = bundles.Where(bundle => RefusesAll(bundle, now)).ToList();
        if (unserved.Count == bundles.Count && unserved.Count > 0)
        {
            return flaws.FirstOrDefault(flaw => unserved.Contains(flaw.Bundle)) is { } cause ? cause with { RefusesAll = true } : null;
        }

        return flaws.FirstOrDefault();
    }

    private void Review(List<TrustBundle> bundles, PeerCredential credential)
    {
        var reviews = new Dictionary<TrustBundle, (PeerCredential, CrlReview)>(ReferenceEqualityComparer.Instance);
        foreach (var bundle in bundles)
        {
            reviews[bundle] = _reviews.TryGetValue(bundle, out var last) && ReferenceEquals(last.Credential, credential)
                ? last
                : (credential, bundle.Validator.Review([.. IsLocal(bundle, bundles, credential) ? CertificatesOf(credential) : []]));
        }

        _reviews = reviews;
    }

    private static bool IsLocal(TrustBundle bundle, List<TrustBundle> bundles, PeerCredential credential) =>
        credential.Workload.SpiffeId is { } id ? id.TrustDomain == bundle.TrustDomain : bundles.Count == 1;

    private static IEnumerable<Certificate> CertificatesOf(PeerCredential credential)
    {
        yield return credential.Leaf;
        foreach (var der in credential.IntermediatesDer)
        {
            if (Certificate.Read(der).TryGet(out var intermediate, out _))
            {
                yield return intermediate;
            }
        }
    }

    private IEnumerable<CrlFlaw> Flaws(TrustBundle bundle, DateTimeOffset now)
    {
        var crls = bundle.Crls!;

        // One that a later CRL of the set has taken over from may be as old as it likes.
        foreach (var crl in crls.Where(crl => crl.NextUpdate < now && !crls.Any(crl.Precedes)))
        {
            yield return new CrlFlaw(bundle, $"The CRL {crl} of {bundle.TrustDomain} is overdue.", () => Log.CrlOverdue(logger, bundle.TrustDomain, crl));
        }

        var review = _reviews[bundle].Review;
        foreach (var (crl, why) in review.FindUnused(now, clockSkew))
        {
            yield return Doubt(bundle, $"the CRL {crl} is not used because {why}");
        }

        foreach (var crl in bundle.Outliving.Where(crl => !review.HasSuccessor(crl, now, clockSkew)))
        {
            yield return Doubt(bundle, $"the CRL {crl} is no longer in the files and stays in use, since none there can take its place");
        }

        foreach (var issuer in Uncovered(bundle, now, out _))
        {
            yield return new CrlFlaw(
                bundle,
                $"No CRL of {bundle.TrustDomain} that can be used tells of the certificates of {issuer}.",
                () => Log.IssuerWithoutCrl(logger, bundle.TrustDomain, issuer));
        }
    }

    private CrlFlaw Doubt(TrustBundle bundle, string what)
    {
        var reason = $"Of {bundle.TrustDomain} {what}.";
        if (_told.Add(reason) && !_known.Contains(reason))
        {
            Log.CrlDoubted(logger, bundle.TrustDomain, what);
        }

        return new CrlFlaw(bundle, reason, static () => { });
    }

    private bool RefusesAll(TrustBundle bundle, DateTimeOffset now)
    {
        Uncovered(bundle, now, out var isAll);
        return isAll;
    }

    private IReadOnlyList<string> Uncovered(TrustBundle bundle, DateTimeOffset now, out bool isAll)
    {
        isAll = false;
        return bundle.Revocation == RevocationMode.HardFail ? _reviews[bundle].Review.FindUncovered(now, clockSkew, out isAll) : [];
    }
}
