using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>The certificate an edge listener presents. Its files are looked at in a loop, so that no handshake waits for them.</summary>
internal sealed class EdgeCertificate
{
    /// <summary>How often the files are looked at.</summary>
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    // What has to be left of its life, as for the workload's own certificate: less than any issuer waits with a renewal, and time for
    // somebody to act.
    private const double LeastRemaining = 0.1;

    // As long as the workload's own certificate has by default.
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromMinutes(1);

    private readonly WatchedFiles<PeerCredential> _files;
    private readonly BoundedLogger _logger;

    public EdgeCertificate(ListenerPlan plan, ILogger logger, TimeProvider time, AspNetCoreMetrics metrics)
    {
        Listener = plan.Name;
        var bounded = _logger = new BoundedLogger(logger);
        var files = new EdgeCertificateFiles(plan.Name, plan.CertificateFile, plan.KeyFile, plan.Files);
        _files = new(
            $"certificate of listener {plan.Name}",
            files.Files,
            content => files.Read(content, time.GetUtcNow()),
            new WatchEvents
            {
                Reloaded = _ => bounded.Run(() => TellReloaded(metrics)),
                Shrank = (_, detail) => bounded.Run(() =>
                {
                    Log.EdgeCertificateShrank(bounded, plan.Name, detail);
                    TellReloaded(metrics);
                }),
                Doubted = (_, detail) => bounded.Run(() => Log.EdgeCertificateReloadFailed(bounded, plan.Name, InUse, detail)),
                ReloadFailed = (_, detail) => bounded.Run(() =>
                {
                    Log.EdgeCertificateReloadFailed(bounded, plan.Name, InUse, detail);
                    metrics.CertificateReloaded(plan.Name, succeeded: false);
                }),
            },
            mayComeLater: true)
        {
            LossOf = LossOf,
        };
        bounded.Run(TellNotSent);
        Watch = new($"certificate of listener {plan.Name}", Look, WatchLimits.For(CheckInterval, MaxStaleness));
    }

    public string Listener { get; }

    public Watch Watch { get; }

    /// <summary>The certificate in use; null only while its files were never good.</summary>
    public PeerCredential? Loaded => _files.Loaded;

    public PeerCredential GetCredential() => _files.Current;

    /// <summary>How the certificate is, by the rules of the workload's own.</summary>
    public (DependencyState State, string? Reason) Health(DateTimeOffset now) => this switch
    {
        { Watch.IsStale: true } => (DependencyState.NotReady, $"The files of the {Watch.Name} were not looked at in time."),
        { Loaded: null } => (DependencyState.NotReady, _files.Failure),
        _ when EdgeCertificateRules.HasExpired(_files.Current, now) =>
            (DependencyState.NotReady, $"The {Watch.Name} ended at {_files.Current.NotAfter:u}."),
        _ when EdgeCertificateRules.IsNotYetValid(_files.Current, now) =>
            (DependencyState.NotReady, $"The {Watch.Name} is not yet valid, it begins at {_files.Current.NotBefore:u}: is the clock of this host right?"),
        { _files.Failure: { } failure } => (DependencyState.Degraded, failure),
        { Watch.IsLate: true } => (DependencyState.Degraded, $"The files of the {Watch.Name} are looked at late."),
        _ when IsEnding(_files.Current, now) =>
            (DependencyState.Degraded, $"The {Watch.Name} ends at {_files.Current.NotAfter:u} and was not renewed."),
        _ => (DependencyState.Ready, null),
    };

    /// <summary>Logs where in its life the certificate is, when that is no good place. Called when its health has changed.</summary>
    public void TellAge(DateTimeOffset now)
    {
        if (Loaded is not { } credential)
        {
            return;
        }

        if (EdgeCertificateRules.HasExpired(credential, now))
        {
            Log.EdgeCertificateExpired(_logger, Listener, credential.NotAfter);
        }
        else if (EdgeCertificateRules.IsNotYetValid(credential, now))
        {
            Log.EdgeCertificateNotYetValid(_logger, Listener, credential.NotBefore, now);
        }
        else if (IsEnding(credential, now))
        {
            Log.EdgeCertificateEnding(_logger, Listener, credential.NotAfter);
        }
    }

    private string InUse => _files is { Loaded: not null } ? "keeps the one it has" : "has none yet";

    private static bool IsEnding(PeerCredential credential, DateTimeOffset now) =>
        credential.NotAfter - now < (credential.NotAfter - credential.NotBefore) * LeastRemaining;

    private void TellReloaded(AspNetCoreMetrics metrics)
    {
        Log.EdgeCertificateReloaded(_logger, Listener, _files.Current.NotAfter);
        metrics.CertificateReloaded(Listener, succeeded: true);
        TellNotSent();
    }

    private void TellNotSent()
    {
        foreach (var certificate in Loaded?.NotSent ?? [])
        {
            Log.EdgeCertificateNotSent(_logger, Listener, LogText.Detail(certificate));
        }
    }

    private void Look()
    {
        _files.Poll();
        _files.Tell();
    }

    private static string? LossOf(PeerCredential last, PeerCredential next) => next.IntermediatesDer.Count < last.IntermediatesDer.Count
        ? $"{next.IntermediatesDer.Count} intermediates in place of {last.IntermediatesDer.Count}"
        : null;
}
