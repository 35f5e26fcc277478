using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls;

/// <summary>The own certificate and key from two PEM files or one PKCS#12 file.</summary>
public sealed class FilePeerCredentialSource : IPeerCredentialSource, IWatchedSource
{
    private const string Name = "credential";
    private const string Section = MtlsOptions.SectionName + ":Credential:";

    private readonly MtlsOptions _options;
    private readonly TimeProvider _time;
    private readonly WatchedFile _certificateFile;
    private readonly WatchedFile? _keyFile;
    private readonly WatchedFiles<PeerCredential> _files;
    private readonly Reloadable<PeerCredential> _current;
    private readonly BoundedLogger _logger;

    /// <summary>Creates the source and loads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="time">The time by which an expired certificate is told.</param>
    /// <param name="logger">Where reloads are told.</param>
    /// <param name="meterFactory">Makes the meter <c>ZeroTrust.Mtls</c>; null for no metrics.</param>
    /// <param name="dangers">The checks that code has weakened; null for none.</param>
    /// <exception cref="OptionsValidationException">
    /// The files are not configured, cannot be read, or do not make a credential that peers could accept; or others may use the file of the
    /// key.
    /// </exception>
    public FilePeerCredentialSource(
        IOptions<MtlsOptions> options,
        TimeProvider time,
        ILogger<FilePeerCredentialSource> logger,
        IMeterFactory? meterFactory = null,
        MtlsDangers? dangers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options.Value;
        _time = time;
        var configured = _options.Credential;
        WatchedFile[] files = configured.PfxFile is { } pfx
            ? [MtlsFile.Secret(Section + nameof(configured.PfxFile), pfx, dangers)]
            :
            [
                MtlsFile.At(Section + nameof(configured.CertificateFile), configured.CertificateFile, dangers),
                MtlsFile.Secret(Section + nameof(configured.KeyFile), configured.KeyFile, dangers),
            ];
        _certificateFile = files[0];
        _keyFile = files.ElementAtOrDefault(1);
        if (configured is { PfxFile: not null } and not { CertificateFile: null, KeyFile: null })
        {
            throw _certificateFile.Invalid("it stands in place of CertificateFile and KeyFile, not beside them");
        }

        var events = MtlsEvents.To(logger, new MtlsMetrics(meterFactory));
        _files = new(Name, files, Load, events) { LossOf = LossOf };
        _current = new(_files.Current, Name, events);
        _logger = new BoundedLogger(logger);
        TellNotSent();
        Watch = new(Name, () => Poll(), WatchLimits.For(_options.ReloadInterval, _options.MaxStaleness));
    }

    /// <summary>Why the files cannot be loaded at present; null when what they hold is current.</summary>
    internal string? Failure => _files.Failure;

    internal Watch Watch { get; }

    /// <inheritdoc/>
    public PeerCredential GetCredential() => _current.Value;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken() => _current.Token;

    /// <inheritdoc/>
    public Rejection? CheckStaleness() => Watch.IsStale
        ? MtlsRejections.Refuse(MtlsRejectionReason.CredentialStale, "The files of the local certificate were not looked at in time.")
        : null;

    /// <summary>
    /// Compares the content of the files with what is loaded and loads them when it differs; the host does so on its own.
    /// </summary>
    /// <returns>
    /// Whether a new credential is current. A bad file keeps the last good one, is logged when it stays bad, and is tried again.
    /// </returns>
    public bool Reload() => Publish(_files.Reload());

    internal bool Poll() => Publish(_files.Poll());

    private bool Publish(bool changed)
    {
        if (changed)
        {
            _current.Publish(_files.Current);
        }

        _files.Tell();
        if (changed)
        {
            TellNotSent();
        }

        return changed;
    }

    private void TellNotSent()
    {
        foreach (var certificate in _current.Value.NotSent)
        {
            Log.CertificateNotSent(_logger, LogText.Detail(certificate));
        }
    }

    private PeerCredential Load(IReadOnlyList<FileContent> content)
    {
        var credential = Read(content);
        var now = _time.GetUtcNow();
        if (now >= credential.NotAfter || credential.IsNotYetValid(now, _options.ClockSkew))
        {
            throw _certificateFile.Invalid($"the certificate is valid from {credential.NotBefore:u} to {credential.NotAfter:u}, and it is {now:u}");
        }

        if (LeafRules.CheckOwn(credential.Leaf, now, _options.ClockSkew) is { } unfit)
        {
            throw _certificateFile.Invalid($"peers would refuse the certificate: {unfit}");
        }

        if (credential.Workload.IsDefault)
        {
            throw _certificateFile.Invalid(
                "the certificate names no workload: it needs a SPIFFE ID, beside which any number of DNS names may be, or exactly one DNS name; "
                    + $"this one has {credential.DnsNames.Count}");
        }

        return credential.Workload.SpiffeId is not { } id || id.TrustDomain.ToString() == _options.TrustDomain
            ? credential
            : throw _certificateFile.Invalid(
                $"the certificate is of the trust domain '{id.TrustDomain}', and {MtlsOptions.SectionName}:TrustDomain is '{_options.TrustDomain}'");
    }

    private static string? LossOf(PeerCredential last, PeerCredential next) => next.IntermediatesDer.Count < last.IntermediatesDer.Count
        ? $"{next.IntermediatesDer.Count} intermediates in place of {last.IntermediatesDer.Count}"
        : null;

    private PeerCredential Read(IReadOnlyList<FileContent> content)
    {
        var password = _options.Credential.KeyPassword;
        if (_keyFile is null)
        {
            return Of(_certificateFile, () => PeerCredential.FromPfx(content[0].Bytes, password));
        }

        var chain = Of(_certificateFile, () => CertificateFile.Read(content[0].Bytes, mayHoldKey: _certificateFile.Path == _keyFile.Path));
        var leaf = Of(_keyFile, () => KeyFile.Attach(chain[0], content[1].Bytes, password));
        return Of(_certificateFile, () => PeerCredential.FromChain(chain, leaf));
    }

    private static T Of<T>(WatchedFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is TrustFileFault or CryptographicException)
        {
            throw file.Invalid($"'{file.Path}' is not usable: {exception.Message}");
        }
    }
}
