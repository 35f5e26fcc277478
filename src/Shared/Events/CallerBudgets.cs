using System.Runtime.InteropServices;

namespace ZeroTrust.Shared;

/// <summary>The budgets of all callers of one kind. Not safe for threads; <see cref="EventBudget"/> is.</summary>
internal sealed class CallerBudgets(TimeProvider time, string others)
{
    /// <summary>What one caller may write in a second.</summary>
    public const int PerCaller = 20;

    /// <summary>What all together may write in a second, first events aside.</summary>
    public const int PerSecond = 100;

    /// <summary>How many first events may be written beyond that in a second.</summary>
    public const int FirstsPerSecond = 400;

    /// <summary>How many callers are remembered; the one heard of longest ago makes room.</summary>
    public const int MaxCallers = 1024;

    /// <summary>How many callers a summary names, those with most; the rest are told in one number.</summary>
    public const int Named = 8;

    private const int None = -1;

    /// <summary>After this time without an event that passed, the next is a first one again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<EventCaller, int> _places = [];
    private readonly List<Entry> _entries = [];
    private long _began = time.GetTimestamp();
    private long _second;
    private int _passed;
    private int _firsts;
    private long _forgotten;
    private int _oldest = None;
    private int _newest = None;

    /// <summary>Whether an event about this caller may be written; if not it is counted.</summary>
    public bool TryPass(EventCaller caller, long now)
    {
        if (time.GetElapsedTime(_began, now) >= Second)
        {
            _began = now;
            _second++;
            _passed = 0;
            _firsts = 0;
        }

        ref var entry = ref Find(caller);
        if (entry.Second != _second)
        {
            entry.Second = _second;
            entry.PassedInSecond = 0;
        }

        var isFirst = !entry.HasPassed || time.GetElapsedTime(entry.PassedAt, now) >= Memory;
        if (_passed < PerSecond && entry.PassedInSecond < PerCaller)
        {
            _passed++;
        }
        else if (isFirst && _firsts < FirstsPerSecond)
        {
            _firsts++;
        }
        else
        {
            entry.Suppressed++;
            return false;
        }

        entry.HasPassed = true;
        entry.PassedAt = now;
        entry.PassedInSecond++;
        return true;
    }

    /// <summary>Takes what was counted: the callers with most by name, all others in one number.</summary>
    public void TakeSuppressed(List<SuppressedEvents> summaries)
    {
        var rest = _forgotten;
        _forgotten = 0;
        var most = new PriorityQueue<int, long>();
        var entries = CollectionsMarshal.AsSpan(_entries);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Suppressed == 0)
            {
                continue;
            }

            rest += entries[i].Suppressed;
            most.Enqueue(i, entries[i].Suppressed);
            if (most.Count > Named)
            {
                entries[most.Dequeue()].Suppressed = 0;
            }
        }

        while (most.TryDequeue(out var index, out var count))
        {
            summaries.Add(new SuppressedEvents(entries[index].Caller.ToString(), count));
            entries[index].Suppressed = 0;
            rest -= count;
        }

        if (rest > 0)
        {
            summaries.Add(new SuppressedEvents(others, rest));
        }
    }

    private ref Entry Find(EventCaller caller)
    {
        if (_places.TryGetValue(caller, out var place))
        {
            Unlink(place);
        }
        else
        {
            place = MakeRoom();
            _places.Add(caller, place);
            CollectionsMarshal.AsSpan(_entries)[place] = new Entry { Caller = caller, Second = _second };
        }

        Append(place);
        return ref CollectionsMarshal.AsSpan(_entries)[place];
    }

    private int MakeRoom()
    {
        if (_entries.Count < MaxCallers)
        {
            _entries.Add(default);
            return _entries.Count - 1;
        }

        var place = _oldest;
        Unlink(place);
        _forgotten += _entries[place].Suppressed;
        _places.Remove(_entries[place].Caller);
        return place;
    }

    private void Unlink(int place)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        var (before, after) = (entries[place].Before, entries[place].After);
        (before == None ? ref _oldest : ref entries[before].After) = after;
        (after == None ? ref _newest : ref entries[after].Before) = before;
    }

    private void Append(int place)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        (entries[place].Before, entries[place].After) = (_newest, None);
        (_newest == None ? ref _oldest : ref entries[_newest].After) = place;
        _newest = place;
    }

    private struct Entry
    {
        public EventCaller Caller;
        public long Second;
        public long PassedAt;
        public long Suppressed;
        public int PassedInSecond;
        public int Before;
        public int After;
        public bool HasPassed;
    }
}
