using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Internal;

/// <summary>Tells readiness and the log, once for each change, how the own credential and the trust are. Called by one caller at a time.</summary>
internal sealed class MtlsHealth(
    IPeerCredentialSource credentials, ITrustBundleSource bundles, IReadOnlyList<IReadinessSignal> signals, TimeProvider time, ILogger logger)
{
    private const string CredentialDependency = "mtls.credential";
    private const string TrustDependency = "mtls.trust";

    /// <summary>What has to be left of a certificate's life: less than any issuer waits with a renewal, and time for somebody to act.</summary>
    private const double LeastRemaining = 0.1;

    private readonly Dictionary<string, (DependencyState State, string? Reason)> _reported = new(StringComparer.Ordinal);

    public void Report()
    {
        ReportCredential();
        ReportTrust();
    }

    private void ReportCredential()
    {
        var credential = credentials.GetCredential();
        var remaining = credential.NotAfter - time.GetUtcNow();
        if (remaining < TimeSpan.Zero)
        {
            if (Report(CredentialDependency, DependencyState.NotReady, "The own certificate has expired."))
            {
                Log.CredentialExpired(logger, credential);
            }
        }
        else if ((credentials as FilePeerCredentialSource)?.Failure is { } failure)
        {
            Report(CredentialDependency, DependencyState.Degraded, failure);
        }
        else if (remaining < (credential.NotAfter - credential.NotBefore) * LeastRemaining)
        {
            if (Report(CredentialDependency, DependencyState.Degraded, $"The own certificate ends at {credential.NotAfter:u} and was not renewed."))
            {
                Log.CredentialEnding(logger, credential);
            }
        }
        else
        {
            Report(CredentialDependency, DependencyState.Ready, reason: null);
        }
    }

    private void ReportTrust()
    {
        if ((bundles as FileTrustBundleSource)?.Failure is { } failure)
        {
            Report(TrustDependency, DependencyState.Degraded, failure);
        }
        else if (FindOverdue() is var (domain, crl))
        {
            if (Report(TrustDependency, DependencyState.Degraded, $"The CRL {crl} of {domain} is overdue."))
            {
                Log.CrlOverdue(logger, domain, crl);
            }
        }
        else
        {
            Report(TrustDependency, DependencyState.Ready, reason: null);
        }
    }

    private (TrustDomain Domain, CertificateRevocationList Crl)? FindOverdue()
    {
        var now = time.GetUtcNow();
        foreach (var bundle in bundles.GetBundles())
        {
            // One that a later CRL of the set has taken over from may be as old as it likes.
            var overdue = bundle.Crls?.FirstOrDefault(crl => crl.NextUpdate < now && !bundle.Crls.Any(crl.Precedes));
            if (overdue is not null)
            {
                return (bundle.TrustDomain, overdue);
            }
        }

        return null;
    }

    private bool Report(string dependency, DependencyState state, string? reason)
    {
        if (_reported.TryGetValue(dependency, out var last) && last == (state, reason))
        {
            return false;
        }

        _reported[dependency] = (state, reason);
        foreach (var signal in signals)
        {
            signal.Report(dependency, state, reason);
        }

        return true;
    }
}
