using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.Mtls;
using ZeroTrust.Mtls.Sources;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>An edge listener's own certificate; the files are looked at again when a connection comes, at most every second.</summary>
internal sealed class EdgeCertificate(ListenerPlan plan, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private PeerCredential? _current;
    private string _loaded = string.Empty;
    private DateTimeOffset _nextCheck = DateTimeOffset.MinValue;

    /// <summary>What is wrong with the files; null when they make a certificate with its key.</summary>
    public static string? FaultOf(string certificateFile, string keyFile)
    {
        try
        {
            PeerCredential.FromPem(File.ReadAllText(certificateFile), File.ReadAllText(keyFile));
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "is not a certificate with its private key: " + exception.Message;
        }
    }

    /// <summary>What is wrong with the mode of a key's file; null when others may not use it.</summary>
    public static string? ModeFaultOf(string keyFile)
    {
        try
        {
            using var file = File.OpenRead(keyFile);
            return KeyFileMode.FaultOf(file.SafeFileHandle, keyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"'{keyFile}' cannot be read: {exception.Message}";
        }
    }

    public PeerCredential GetCredential()
    {
        lock (_lock)
        {
            if (_current is null || time.GetUtcNow() >= _nextCheck)
            {
                _nextCheck = time.GetUtcNow() + CheckInterval;
                Reload();
            }

            return _current!;
        }
    }

    private void Reload()
    {
        try
        {
            var certificate = File.ReadAllText(plan.CertificateFile);
            var key = File.ReadAllText(plan.KeyFile);
            if (_loaded == certificate)
            {
                return;
            }

            if (!plan.AllowsExposedKeyFile && ModeFaultOf(plan.KeyFile) is { } fault)
            {
                throw new UnauthorizedAccessException(fault);
            }

            var credential = PeerCredential.FromPem(certificate, key);
            if (_current is not null)
            {
                Log.EdgeCertificateReloaded(logger, plan.Name, credential.NotAfter);
            }

            _current = credential;
            _loaded = certificate;
        }
        catch (Exception exception) when (_current is not null)
        {
            Log.EdgeCertificateReloadFailed(logger, plan.Name, exception);
        }
    }
}
