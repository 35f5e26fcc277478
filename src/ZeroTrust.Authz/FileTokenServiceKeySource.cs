using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Internal;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz;

/// <summary>The keys of token services from JWK Set files (RFC 7517), one file for each service.</summary>
public sealed class FileTokenServiceKeySource : ITokenServiceKeySource
{
    private readonly Dictionary<string, TokenServiceKeyFile> _files = new(StringComparer.Ordinal);

    /// <summary>Creates the source and reads the files.</summary>
    /// <param name="options">Where the files are.</param>
    /// <param name="logger">Where loads are told.</param>
    /// <exception cref="OptionsValidationException">A service has no <see cref="TokenServiceOptions.KeysFile"/>.</exception>
    /// <remarks>A file that cannot be read yet is told and read later: until then the service's roots are refused as unavailable.</remarks>
    public FileTokenServiceKeySource(IOptions<AuthzOptions> options, ILogger<FileTokenServiceKeySource> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        for (var i = 0; i < options.Value.TokenServices.Count; i++)
        {
            var service = options.Value.TokenServices[i];
            var file = service.KeysFile is { Length: > 0 } path
                ? path
                : throw new OptionsValidationException(
                    nameof(AuthzOptions),
                    typeof(AuthzOptions),
                    [$"{AuthzOptions.SectionName}:{nameof(AuthzOptions.TokenServices)}:{i}:{nameof(TokenServiceOptions.KeysFile)}: is required"]);
            _files[service.Issuer ?? string.Empty] = new TokenServiceKeyFile(service.Issuer ?? string.Empty, file, logger);
        }

        Reload();
    }

    /// <inheritdoc/>
    public JsonWebKeySet? GetKeys(string issuer) => _files.TryGetValue(issuer, out var file) ? file.Keys.Current : null;

    /// <inheritdoc/>
    public IChangeToken GetReloadToken(string issuer) =>
        _files.TryGetValue(issuer, out var file) ? file.Keys.Token : new CancellationChangeToken(CancellationToken.None);

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
}
