namespace ZeroTrust.Shared;

/// <summary>A value loaded from a group of files and loaded anew when their content changes.</summary>
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
    private readonly WatchEvents _events;
    private readonly Lock _lock = new();
    private FileStamp?[] _stamps;
    private string[] _loaded = [];
    private T? _current;
    private int _polls;
    private string? _suspicion;
    private string? _failure;
    private Action? _untold;

    /// <summary>Loads the files.</summary>
    /// <param name="source">What they are, for the log.</param>
    /// <param name="files">The files.</param>
    /// <param name="load">Makes the value of their content, in their order.</param>
    /// <param name="events">Where reloads are logged.</param>
    /// <param name="mayComeLater">Whether a failure at first is a failure like any later one; else it is thrown.</param>
    public WatchedFiles(
        string source,
        IReadOnlyList<WatchedFile> files,
        Func<IReadOnlyList<FileContent>, T> load,
        WatchEvents events,
        bool mayComeLater = false)
    {
        _source = source;
        _files = files;
        _load = load;
        _events = events;
        _stamps = Stamps();
        try
        {
            LoadAnew();
        }
        catch (Exception exception) when (mayComeLater)
        {
            _suspicion = exception.Message;
            Fail(exception.Message);
            Tell();
        }
    }

    /// <summary>The value; null only while files that may come later were never loaded.</summary>
    public T? Loaded => Volatile.Read(ref _current);

    /// <summary>The value of files that were there from the beginning.</summary>
    public T Current => Loaded ?? throw new InvalidOperationException($"The {_source} was never loaded.");

    /// <summary>Why the files cannot be loaded at present; null when what they hold is current.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Compares the content. <see cref="Tell"/> follows.</summary>
    /// <returns>Whether there is a new value.</returns>
    public bool Reload() => Compare(content: true);

    /// <summary>Compares what costs little, and the content every tenth time. <see cref="Tell"/> follows.</summary>
    /// <returns>Whether there is a new value.</returns>
    public bool Poll() => Compare(content: Interlocked.Increment(ref _polls) % ContentEvery == 0);

    /// <summary>Tells what became of the files, once what they hold is published: nothing that acts on it waits for a log.</summary>
    public void Tell()
    {
        Action? untold;
        lock (_lock)
        {
            (untold, _untold) = (_untold, null);
        }

        untold?.Invoke();
    }

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
        if (_files.Select(file => file.Hash()).SequenceEqual(_loaded, StringComparer.Ordinal))
        {
            Recover();
            return false;
        }

        LoadAnew();
        Recover();
        _untold += () => _events.Reloaded(_source);
        return true;
    }

    private void LoadAnew()
    {
        FileContent[] content = [.. _files.Select(file => file.Read())];
        Volatile.Write(ref _current, _load(content));
        _loaded = Hashes(content);
    }

    private FileStamp?[] Stamps() => [.. _files.Select(file => file.Look())];

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

    // Files that are just being replaced do not fit together for a moment, so a first failure waits for a second look. The same one is logged once.
    private void Fail(string detail)
    {
        if (_failure is null && _suspicion is null)
        {
            _suspicion = detail;
        }
        else if (_failure != detail)
        {
            Volatile.Write(ref _failure, detail);
            _untold += () => _events.ReloadFailed(_source, detail);
        }
    }
}
