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

    /// <summary>For how many looks files that hold less have to stay as they are.</summary>
    private const int SettledAfter = 10;

    private readonly string _source;
    private readonly IReadOnlyList<WatchedFile> _files;
    private readonly Func<IReadOnlyList<FileContent>, T> _load;
    private readonly WatchEvents _events;
    private readonly Func<T, string?> _doubtOf;
    private readonly Lock _lock = new();
    private FileStamp?[] _stamps;
    private string[] _loaded = [];
    private T? _current;
    private int _polls;
    private string? _suspicion;
    private string? _failure;
    private string? _doubt;
    private string[]? _awaited;
    private int _awaitedLooks;
    private Action? _untold;

    /// <summary>Loads the files.</summary>
    /// <param name="source">What they are, for the log.</param>
    /// <param name="files">The files.</param>
    /// <param name="load">Makes the value of their content, in their order.</param>
    /// <param name="events">Where reloads are logged.</param>
    /// <param name="mayComeLater">Whether a failure at first is a failure like any later one; else it is thrown.</param>
    /// <param name="doubtOf">What of the files is not in a value; null when all of it is.</param>
    public WatchedFiles(
        string source,
        IReadOnlyList<WatchedFile> files,
        Func<IReadOnlyList<FileContent>, T> load,
        WatchEvents events,
        bool mayComeLater = false,
        Func<T, string?>? doubtOf = null)
    {
        _source = source;
        _files = files;
        _load = load;
        _doubtOf = doubtOf ?? (static _ => null);
        _events = events;
        _stamps = Stamps();
        try
        {
            LoadAnew();
            Recover();
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

    /// <summary>
    /// What less a value holds than the one in use, in numbers; null when it does not. Such files may be half written: they are taken once they have stayed
    /// as they are for ten looks, or when <see cref="Reload"/> is asked for, and are warned about.
    /// </summary>
    public Func<T, T, string?> LossOf { get; init; } = static (_, _) => null;

    /// <summary>Whether a value that holds less says so itself, and is taken at once.</summary>
    public bool LossIsMeant { get; init; }

    /// <summary>Why the files cannot be loaded at present; null when what they hold is current.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    /// <summary>Compares the content, and takes what holds less. <see cref="Tell"/> follows.</summary>
    /// <returns>Whether there is a new value.</returns>
    public bool Reload() => Compare(content: true, takesLess: true);

    /// <summary>Compares what costs little, and the content every tenth time. <see cref="Tell"/> follows.</summary>
    /// <returns>Whether there is a new value.</returns>
    public bool Poll() => Compare(content: Interlocked.Increment(ref _polls) % ContentEvery == 0 || _awaited is not null, takesLess: false);

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

    private bool Compare(bool content, bool takesLess)
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
                return Load(takesLess);
            }
            catch (Exception exception)
            {
                Fail(exception.Message);
                return false;
            }
        }
    }

    private bool Load(bool takesLess)
    {
        // Hashed first, so that an unchanged large file is never held in memory.
        string[] hashes = [.. _files.Select(file => file.Hash())];
        if (hashes.SequenceEqual(_loaded, StringComparer.Ordinal))
        {
            Recover();
            return false;
        }

        if (!takesLess && _awaited is not null && hashes.SequenceEqual(_awaited, StringComparer.Ordinal) && ++_awaitedLooks < SettledAfter)
        {
            return false;
        }

        FileContent[] content = [.. _files.Select(file => file.Read())];
        var value = _load(content);
        hashes = Hashes(content);
        var loss = Loaded is { } loaded ? LossOf(loaded, value) : null;
        if (loss is not null && !takesLess && !LossIsMeant && !(_awaitedLooks >= SettledAfter && hashes.SequenceEqual(_awaited ?? [], StringComparer.Ordinal)))
        {
            Await(hashes, loss);
            return false;
        }

        Take(value, hashes);
        Recover();
        _untold += loss is null ? () => _events.Reloaded(_source) : () => _events.Shrank(_source, loss);
        return true;
    }

    private void LoadAnew()
    {
        FileContent[] content = [.. _files.Select(file => file.Read())];
        Take(_load(content), Hashes(content));
    }

    private void Take(T value, string[] hashes)
    {
        Volatile.Write(ref _current, value);
        _loaded = hashes;
        if (_doubtOf(value) is { } doubt && doubt != _doubt)
        {
            _untold += () => _events.Doubted(_source, doubt);
        }

        _doubt = _doubtOf(value);
    }

    private void Await(string[] hashes, string loss)
    {
        (_awaited, _awaitedLooks) = (hashes, 0);
        _suspicion = null;
        var doubt = $"the files hold less than before, {loss}: they are taken once they have stayed so for {SettledAfter} looks";
        if (_failure != doubt)
        {
            Volatile.Write(ref _failure, doubt);
            _untold += () => _events.Doubted(_source, doubt);
        }
    }

    private FileStamp?[] Stamps() => [.. _files.Select(file => file.Look())];

    private void Recover()
    {
        (_suspicion, _awaited, _awaitedLooks) = (null, null, 0);
        Volatile.Write(ref _failure, _doubt);
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
        if (_awaited is not null)
        {
            Recover();
        }

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
