using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>The certificate an edge listener presents. Its files are looked at in a loop, so that no handshake waits for them.</summary>
internal sealed class EdgeCertificate
{
    /// <summary>How often the files are looked at.</summary>
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    // As long as the workload's own certificate has by default.
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromMinutes(1);

    private readonly WatchedFiles<PeerCredential> _files;

    public EdgeCertificate(ListenerPlan plan, ILogger logger)
    {
        Listener = plan.Name;
        var bounded = new BoundedLogger(logger);
        _files = new(
            $"certificate of listener {plan.Name}",
            FilesOf(plan.CertificateFile, plan.KeyFile, plan.AllowsExposedKeyFile),
            Read,
            new WatchEvents
            {
                Reloaded = _ => Log.EdgeCertificateReloaded(bounded, plan.Name, _files!.Current.NotAfter),
                ReloadFailed = (_, detail) => Log.EdgeCertificateReloadFailed(bounded, plan.Name, detail),
            },
            mayComeLater: true);
        Watch = new($"certificate of listener {plan.Name}", Look, WatchLimits.For(CheckInterval, MaxStaleness));
    }

    public string Listener { get; }

    public Watch Watch { get; }

    /// <summary>What is wrong with the files; null when they make a certificate with its key.</summary>
    public static string? FaultOf(string certificateFile, string keyFile)
    {
        try
        {
            Read([.. FilesOf(certificateFile, keyFile, allowsExposedKeyFile: true).Select(file => file.Read())]);
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or OptionsValidationException or ArgumentException)
        {
            return "is not a certificate with its private key: " + exception.Message;
        }
    }

    /// <summary>What is wrong with the mode of a key's file; null when others may not use it.</summary>
    public static string? ModeFaultOf(string keyFile)
    {
        try
        {
            using var file = RegularFile.Open(keyFile);
            return KeyFileMode.FaultOf(file, keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"'{keyFile}' cannot be read: {exception.Message}";
        }
    }

    public PeerCredential GetCredential() => _files.Current;

    /// <summary>How the certificate is. One that has expired is for clients to refuse; the mesh of the same host goes on.</summary>
    public (DependencyState State, string? Reason) Health(DateTimeOffset now) => this switch
    {
        { Watch.IsStale: true } => (DependencyState.NotReady, $"The files of the {Watch.Name} were not looked at in time."),
        { _files.Loaded: null } => (DependencyState.NotReady, _files.Failure),
        { _files.Failure: { } failure } => (DependencyState.Degraded, failure),
        { Watch.IsLate: true } => (DependencyState.Degraded, $"The files of the {Watch.Name} are looked at late."),
        _ when _files.Current.NotAfter < now => (DependencyState.Degraded, $"The {Watch.Name} ended at {_files.Current.NotAfter:u}."),
        _ when _files.Current.NotBefore > now =>
            (DependencyState.Degraded, $"The {Watch.Name} is not yet valid, it begins at {_files.Current.NotBefore:u}."),
        _ => (DependencyState.Ready, null),
    };

    private void Look()
    {
        _files.Poll();
        _files.Tell();
    }

    private static WatchedFile[] FilesOf(string certificateFile, string keyFile, bool allowsExposedKeyFile) =>
    [
        new(typeof(ListenersOptions), nameof(ListenerOptions.CertificateFile), certificateFile),
        new(typeof(ListenersOptions), nameof(ListenerOptions.KeyFile), keyFile)
        {
            FaultOf = allowsExposedKeyFile ? null : static (file, path) => KeyFileMode.FaultOf(file, path),
        },
    ];

    private static PeerCredential Read(IReadOnlyList<FileContent> content) =>
        PeerCredential.FromPem(Encoding.UTF8.GetString(content[0].Bytes), Encoding.UTF8.GetString(content[1].Bytes));
}
