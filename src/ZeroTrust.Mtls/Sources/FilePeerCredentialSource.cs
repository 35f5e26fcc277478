using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Sources;

namespace ZeroTrust.Mtls;

/// <summary>The own certificate and key from two PEM files.</summary>
public sealed class FilePeerCredentialSource : IPeerCredentialSource
{
    private readonly MtlsOptions _options;
    private readonly TimeProvider _time;
    private readonly WatchedFile _certificateFile;
    private readonly WatchedFile _keyFile;
    private readonly WatchedFiles<PeerCredential> _files;

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="time">The time by which an expired certificate is told.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <exception cref="OptionsValidationException">The files are not configured, cannot be read, or do not make a usable credential.</exception>
    public FilePeerCredentialSource(
        IOptions<MtlsOptions> options,
        TimeProvider time,
        ILogger<FilePeerCredentialSource> logger,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options.Value;
        _time = time;
        _certificateFile = new(MtlsOptions.SectionName + ":Credential:CertificateFile", _options.Credential.CertificateFile);
        _keyFile = new(MtlsOptions.SectionName + ":Credential:KeyFile", _options.Credential.KeyFile);
        _files = new("credential", [_certificateFile, _keyFile], Load, new MtlsMetrics(meterFactory), logger);
        WarnOfExposure(_keyFile.Path!, logger);
    }

    /// <inheritdoc/>
    public PeerCredential GetCredential() => _files.Current;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _files.Token;

    /// <summary>Compares the files with what is loaded and loads them when they differ. Called by the host on every <see cref="MtlsOptions.ReloadInterval"/>.</summary>
    /// <returns>Whether a new credential is current. A bad file keeps the last good one, is logged, and is tried again by the next call.</returns>
    public bool Reload() => _files.Reload();

    private static void WarnOfExposure(string keyFile, ILogger logger)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // By the open file, not by the name: a symbolic link's own mode says nothing.
        using var file = File.OpenHandle(keyFile);
        var mode = File.GetUnixFileMode(file);
        if ((mode & Others) != UnixFileMode.None)
        {
            Log.KeyFileExposed(logger, keyFile, mode);
        }
    }

    private PeerCredential Load(IReadOnlyList<byte[]> content)
    {
        PeerCredential credential;
        try
        {
            credential = PeerCredential.FromPem(
                Encoding.UTF8.GetString(content[0]), Encoding.UTF8.GetString(content[1]), _options.Credential.KeyPassword);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw _certificateFile.Invalid($"the certificate and the key make no credential: {exception.Message}");
        }

        if (credential.Workload.IsDefault)
        {
            throw _certificateFile.Invalid("the certificate names no workload: it needs a SPIFFE ID or exactly one DNS name");
        }

        if (credential.Workload.SpiffeId is { } id && id.TrustDomain.ToString() != _options.TrustDomain)
        {
            throw _certificateFile.Invalid($"the certificate is of the trust domain '{id.TrustDomain}', and {MtlsOptions.SectionName}:TrustDomain is '{_options.TrustDomain}'");
        }

        return credential.NotAfter > _time.GetUtcNow()
            ? credential
            : throw _certificateFile.Invalid($"the certificate expired at {credential.NotAfter:O}");
    }
}
