using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Something made of files together, made anew when their content changes.</summary>
/// <remarks>
/// Files are asked rather than waited for: links that an orchestrator swaps raise no notification to rely on. Their outside is compared each
/// time, and now and then their content, for a change that kept length and time.
/// </remarks>
internal sealed class WatchedFiles<T>
    where T : class
{
    private const int ContentEvery = 10;

    private readonly string _source;
    private readonly IReadOnlyList<WatchedFile> _files;
    private readonly Func<IReadOnlyList<FileContent>, T> _load;
    private readonly MtlsMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private FileStamp?[] _stamps;
    private string[] _loaded;
    private T _current;
    private int _polls;
    private string? _suspicion;
    private string? _failure;

    public WatchedFiles(
        string source, IReadOnlyList<WatchedFile> files, Func<IReadOnlyList<FileContent>, T> load, MtlsMetrics metrics, ILogger logger)
    {
        _source = source;
        _files = files;
        _load = load;
        _metrics = metrics;
        _logger = logger;
        _stamps = Stamps();
        var content = ReadAll();
        _current = load(content);
        _loaded = Hashes(content);
    }

    public T Current => Volatile.Read(ref _current);

    /// <summary>Why the files cannot be loaded at present; null when what they hold is current.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Compares the content.</summary>
    /// <returns>Whether <see cref="Current"/> is a new one.</returns>
    public bool Reload() => Compare(content: true);

    /// <summary>Compares what costs little, and the content every tenth time.</summary>
    /// <returns>Whether <see cref="Current"/> is a new one.</returns>
    public bool Poll() => Compare(content: Interlocked.Increment(ref _polls) % ContentEvery == 0);

    private static string[] Hashes(IEnumerable<FileContent> content) => [.. content.Select(file => file.Sha256)];

    private bool Compare(bool content)
    {
        lock (_lock)
        {
            try
            {
                var stamps = Stamps();
                if (!content && stamps.AsSpan().SequenceEqual(_stamps))
                {
                    Confirm();
                    return false;
                }

                _stamps = stamps;
                return Load();
            }
            catch (Exception exception)
            {
                Fail(exception.Message);
                return false;
            }
        }
    }

    private bool Load()
    {
        // Hashed first, so that an unchanged large file is never held in memory.
        if (!_files.Select(file => file.Hash()).SequenceEqual(_loaded, StringComparer.Ordinal))
        {
            var content = ReadAll();
            Volatile.Write(ref _current, _load(content));
            _loaded = Hashes(content);
            _metrics.Reloaded(_source, succeeded: true);
            Log.SourceReloaded(_logger, _source);
            Recover();
            return true;
        }

        Recover();
        return false;
    }

    private FileStamp?[] Stamps() => [.. _files.Select(file => file.Look())];

    private FileContent[] ReadAll() => [.. _files.Select(file => file.Read())];

    private void Recover()
    {
        _suspicion = null;
        Volatile.Write(ref _failure, null);
    }

    private void Confirm()
    {
        if (_failure is null && _suspicion is { } detail)
        {
            Fail(detail);
        }
    }

    // Files that are just being replaced do not fit together for a moment, so a first failure waits for a second look. The same one is told once.
    private void Fail(string detail)
    {
        if (_failure is null && _suspicion is null)
        {
            _suspicion = detail;
        }
        else if (_failure != detail)
        {
            Volatile.Write(ref _failure, detail);
            _metrics.Reloaded(_source, succeeded: false);
            Log.SourceReloadFailed(_logger, _source, detail);
        }
    }
}
