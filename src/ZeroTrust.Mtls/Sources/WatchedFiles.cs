using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Sources;

/// <summary>A snapshot made of files, replaced when their content changes.</summary>
/// <remarks>Content is compared rather than time stamps or notifications, which symbolic links swapped by an orchestrator do not move.</remarks>
internal sealed class WatchedFiles<T>
    where T : class
{
    private readonly string _source;
    private readonly IReadOnlyList<WatchedFile> _files;
    private readonly Func<IReadOnlyList<byte[]>, T> _load;
    private readonly MtlsMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ChangeSignal _changed = new();
    private readonly Lock _lock = new();
    private byte[] _digest;
    private string? _failure;
    private T _current;

    public WatchedFiles(string source, IReadOnlyList<WatchedFile> files, Func<IReadOnlyList<byte[]>, T> load, MtlsMetrics metrics, ILogger logger)
    {
        _source = source;
        _files = files;
        _load = load;
        _metrics = metrics;
        _logger = logger;
        var content = ReadAll();
        _current = load(content);
        _digest = Digest(content);
    }

    public T Current => Volatile.Read(ref _current);

    public IChangeToken Token => _changed.Token;

    public bool Reload()
    {
        lock (_lock)
        {
            try
            {
                var content = ReadAll();
                var digest = Digest(content);
                if (digest.AsSpan().SequenceEqual(_digest))
                {
                    _failure = null;
                    return false;
                }

                Volatile.Write(ref _current, _load(content));
                _digest = digest;
                _failure = null;
            }
            catch (Exception exception)
            {
                Failed(exception.Message);
                return false;
            }
        }

        _metrics.Reloaded(_source, succeeded: true);
        Log.SourceReloaded(_logger, _source);
        _changed.Fire();
        return true;
    }

    private static byte[] Digest(List<byte[]> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in content)
        {
            // Each file by its own digest, so that bytes moved from one file to the next are seen.
            hash.AppendData(SHA256.HashData(file));
        }

        return hash.GetHashAndReset();
    }

    private List<byte[]> ReadAll() => [.. _files.Select(file => file.Read())];

    // The same failure is tried on every tick and told once.
    private void Failed(string detail)
    {
        if (_failure == detail)
        {
            return;
        }

        _failure = detail;
        _metrics.Reloaded(_source, succeeded: false);
        Log.SourceReloadFailed(_logger, _source, detail);
    }
}
