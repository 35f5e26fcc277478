using System.Buffers;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.Diagnostics;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>The JWK Set file of one token service.</summary>
/// <remarks>Its content is compared, since links that an orchestrator swaps raise no notification and keep no time to rely on.</remarks>
internal sealed class TokenServiceKeyFile(string issuer, string path, ILogger logger)
{
    private readonly Lock _lock = new();
    private byte[]? _loaded;
    private string? _failure;

    internal PublishedKeys Keys { get; } = new();

    internal bool Reload()
    {
        lock (_lock)
        {
            try
            {
                return Read();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                Fail(exception.Message);
                return false;
            }
        }
    }

    // Never more than a set may have, whatever the file is.
    private bool Read()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(JsonWebKeySet.MaxBytes + 1);
        try
        {
            using var file = File.OpenRead(path);
            var content = buffer.AsSpan(0, file.ReadAtLeast(buffer.AsSpan(0, JsonWebKeySet.MaxBytes + 1), JsonWebKeySet.MaxBytes + 1, throwOnEndOfStream: false));
            if (_loaded is not null && content.SequenceEqual(_loaded))
            {
                _failure = null;
                return false;
            }

            return Load(content.ToArray());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Load(byte[] content)
    {
        // RS256 is for foreign issuers: an RSA key that states no algorithm means PS256 here.
        if (!JsonWebKeySet.Parse(content, JwsAlgorithms.PS256).TryGet(out var keys, out var rejection))
        {
            Fail(rejection.ToString());
            return false;
        }

        _loaded = content;
        _failure = null;
        Keys.Publish(keys);
        Log.TokenServiceKeysLoaded(logger, issuer, keys.Keys.Count);
        foreach (var ignored in keys.Ignored)
        {
            Log.TokenServiceKeyIgnored(logger, issuer, ignored.Code, ignored.Detail);
        }

        return true;
    }

    private void Fail(string detail)
    {
        if (_failure != detail)
        {
            _failure = detail;
            Log.TokenServiceKeysUnreadable(logger, issuer, path, detail);
        }
    }
}
