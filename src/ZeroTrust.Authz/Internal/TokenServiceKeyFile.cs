using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Jose;
using ZeroTrust.Shared;

namespace ZeroTrust.Authz.Internal;

/// <summary>The JWK Set file of one token service.</summary>
internal sealed class TokenServiceKeyFile
{
    private readonly string _issuer;
    private readonly BoundedLogger _logger;
    private readonly WatchedFiles<JsonWebKeySet> _file;
    private readonly Reloadable<JsonWebKeySet?> _current;

    internal TokenServiceKeyFile(string issuer, WatchedFile file, WatchLimits limits, ILogger logger)
    {
        _issuer = issuer;
        _logger = new BoundedLogger(logger);
        var source = $"keys of token service {issuer}";
        var events = AuthzEvents.To(logger, issuer, file.Path ?? string.Empty, () => _file is { Loaded: not null });
        _file = new(source, [file with { MaxBytes = JsonWebKeySet.MaxBytes }], Load, events, mayComeLater: true) { LossOf = LossOf };
        _current = new(_file.Loaded, source, events);
        Tell(_file.Loaded);
        Watch = new Watch(source, () => Publish(_file.Poll()), limits);
    }

    internal Watch Watch { get; }

    internal JsonWebKeySet? Keys => _current.Value;

    /// <summary>Whether any root can be verified; a set whose keys were all left out verifies none.</summary>
    internal bool HasUsableKey => Keys is { Keys.Count: > 0 };

    internal string? Failure => _file.Failure;

    internal IChangeToken Token => _current.Token;

    internal bool Reload() => Publish(_file.Reload());

    private bool Publish(bool changed)
    {
        if (changed)
        {
            var keys = _file.Current;
            _current.Publish(keys);
            Tell(keys);
        }

        _file.Tell();
        return changed;
    }

    private static JsonWebKeySet Load(IReadOnlyList<FileContent> content)
    {
        var text = TrustFile.ReadText(content[0].Bytes);
        if (text.Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            throw new TrustFileFault("it holds PEM; a JWK Set is wanted (RFC 7517, section 5): { \"keys\": [ ... ] }");
        }

        // RS256 is for foreign issuers: an RSA key that states no algorithm means PS256 here.
        return JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(text), JwsAlgorithms.PS256).TryGet(out var keys, out var rejection)
            ? keys
            : throw new FormatException(rejection.ToString());
    }

    private static string? LossOf(JsonWebKeySet last, JsonWebKeySet next) =>
        next.Keys.Count < last.Keys.Count ? $"{next.Keys.Count} keys in place of {last.Keys.Count}" : null;

    // Once they are believed: no withdrawal of a key waits for a log.
    private void Tell(JsonWebKeySet? keys)
    {
        if (keys is null)
        {
            return;
        }

        _logger.Run(() =>
        {
            Log.TokenServiceKeysLoaded(_logger, _issuer, keys.Keys.Count);
            foreach (var ignored in keys.Ignored)
            {
                Log.TokenServiceKeyIgnored(_logger, _issuer, ignored.Code, ignored.Detail);
            }
        });
    }
}
