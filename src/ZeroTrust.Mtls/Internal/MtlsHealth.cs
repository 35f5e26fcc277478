using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Internal;

/// <summary>
/// Reports to readiness and the log, once for each change, how the local credential and the trust are. Called by one caller at a time.
/// </summary>
internal sealed class MtlsHealth(
    IPeerCredentialSource credentials,
    ITrustBundleSource bundles,
    MtlsServers? servers,
    ReadinessReporter readiness,
    TimeSpan clockSkew,
    TimeProvider time,
    ILogger logger)
{
    private const string CredentialDependency = "mtls.credential";
    private const string TrustDependency = "mtls.trust";

    /// <summary>
    /// What has to be left of a certificate's life: less than any issuer waits with a renewal, and time for somebody to act.
    /// </summary>
    private const double LeastRemaining = 0.1;

    private readonly CrlHealth _crls = new(clockSkew, time, logger);

    public void Report()
    {
        ReportCredential();
        ReportTrust();
    }

    private void ReportCredential()
    {
        var credential = credentials.GetCredential();
        var files = credentials as FilePeerCredentialSource;
        var now = time.GetUtcNow();
        var remaining = credential.NotAfter - now;
        if (remaining < TimeSpan.Zero)
        {
            if (Report(CredentialDependency, DependencyState.NotReady, "The own certificate has expired."))
            {
                Log.CredentialExpired(logger, credential);
            }
        }
        else if (credential.IsNotYetValid(now, clockSkew))
        {
            var reason = $"The own certificate is not yet valid, it begins at {credential.NotBefore:u}: is the clock of this host right?";
            if (Report(CredentialDependency, DependencyState.NotReady, reason))
            {
                Log.CredentialNotYetValid(logger, credential, now);
            }
        }
        else if ((credentials as IWatchedSource)?.CheckStaleness() is { } stale)
        {
            ReportStale(CredentialDependency, DependencyState.NotReady, files?.Watch.Name ?? "credential", stale.Detail);
        }
        else if (files?.Failure is { } failure)
        {
            Report(CredentialDependency, DependencyState.Degraded, failure);
        }
        else if (files?.Watch is { IsLate: true } watch)
        {
            ReportLate(CredentialDependency, watch);
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
        var files = bundles as FileTrustBundleSource;
        var current = bundles.GetBundles();
        if (files is not null && current.All(bundle => files.CheckStaleness(bundle.TrustDomain) is not null))
        {
            var watch = files.Watches.First(watch => watch.IsStale);
            ReportStale(TrustDependency, DependencyState.NotReady, watch.Name, $"The files of the {watch.Name} were not looked at in time.");
        }
        else if (_crls.Check(current, servers?.Partners.Select(partner => partner.Trust.Bundle) ?? [], credentials.GetCredential()) is { } flaw)
        {
            if (Report(TrustDependency, flaw.RefusesAll ? DependencyState.NotReady : DependencyState.Degraded, flaw.Reason))
            {
                flaw.Tell();
            }
        }
        else if ((files?.Failure ?? servers?.Failure) is { } failure)
        {
            Report(TrustDependency, DependencyState.Degraded, failure);
        }
        else if ((files?.Watches ?? []).Concat(servers?.Watches ?? []).FirstOrDefault(watch => watch.IsLate) is { } late)
        {
            ReportLate(TrustDependency, late);
        }
        else
        {
            Report(TrustDependency, DependencyState.Ready, reason: null);
        }
    }

    private void ReportLate(string dependency, Watch watch) =>
        ReportStale(dependency, DependencyState.Degraded, watch.Name, $"The files of the {watch.Name} are looked at late.");

    private void ReportStale(string dependency, DependencyState state, string source, string reason)
    {
        if (Report(dependency, state, reason))
        {
            Log.SourceStale(logger, source, state == DependencyState.NotReady);
        }
    }

    private bool Report(string dependency, DependencyState state, string? reason) => readiness.Report(dependency, state, reason);
}
