using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz;

/// <summary>The keys of token services from JWK Set files (RFC 7517), one file for each service.</summary>
public sealed class FileTokenServiceKeySource : ITokenServiceKeySource
{
    private readonly Dictionary<string, TokenServiceKeyFile> _files = new(StringComparer.Ordinal);

    /// <summary>Creates the source and reads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where loads are told.</param>
    /// <param name="mtls">How often the files are looked at, and how long that may be missed; null for the defaults.</param>
    /// <param name="weakenings">Those of the application, of which owners of files are taken; null for none.</param>
    /// <exception cref="OptionsValidationException">A service has no <see cref="TokenServiceOptions.KeysFile"/>.</exception>
    /// <remarks>A file that cannot be read yet is told and read later: until then the service's roots are refused as unavailable.</remarks>
    public FileTokenServiceKeySource(IOptions<AuthzOptions> options, ILogger<FileTokenServiceKeySource> logger, IOptions<MtlsOptions>? mtls = null,
        IEnumerable<Weakening>? weakenings = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var looks = mtls?.Value ?? new MtlsOptions();
        var owners = FileOwnership.OwnersOf((weakenings ?? []).Select(weakening => weakening.Name));
        var limits = WatchLimits.For(looks.ReloadInterval, looks.MaxStaleness);
        for (var i = 0; i < options.Value.TokenServices.Count; i++)
        {
            var service = options.Value.TokenServices[i];
            var setting = $"{AuthzOptions.SectionName}:{nameof(AuthzOptions.TokenServices)}:{i}:{nameof(TokenServiceOptions.KeysFile)}";
            var file = new WatchedFile(typeof(AuthzOptions), setting, service.KeysFile) { Owners = owners };
            _files[service.Issuer ?? string.Empty] = string.IsNullOrEmpty(service.KeysFile)
                ? throw file.Invalid("is required")
                : new TokenServiceKeyFile(service.Issuer ?? string.Empty, file, limits, logger);
        }
    }

    internal IReadOnlyCollection<TokenServiceKeyFile> Files => _files.Values;

    /// <inheritdoc/>
    public JsonWebKeySet? GetKeys(string issuer) => _files.TryGetValue(issuer, out var file) ? file.Keys : null;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken(string issuer) =>
        _files.TryGetValue(issuer, out var file) ? file.Token : new CancellationChangeToken(CancellationToken.None);

    /// <summary>Reads the files and publishes the keys of those whose content is another; the host does so on its own.</summary>
    /// <returns>Whether any keys are new. A bad file keeps the last good keys, is told once, and is read again.</returns>
    public bool Reload()
    {
        var changed = false;
        foreach (var file in _files.Values)
        {
            changed |= file.Reload();
        }

        return changed;
    }

    /// <summary>Refuses what rests on keys whose file was not looked at in time.</summary>
    internal Rejection? CheckStaleness(string issuer) => _files.TryGetValue(issuer, out var file) && file.Watch.IsStale
        ? AuthzRejections.Refuse(AuthzRejectionReason.TokenServiceKeysStale, "The keys of the token service were not looked at in time.", expected: null, issuer)
        : null;
}
