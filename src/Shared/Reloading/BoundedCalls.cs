namespace ZeroTrust.Shared;

/// <summary>
/// Calls what the application plugs in, for code that has to go on: on a thread apart, one call at a time and in order. A call that does not
/// return costs its caller a second; until it does, others wait without their callers, and what is more than may wait is counted.
/// </summary>
/// <param name="dropped">Called on that thread when it goes on, with how many calls were dropped.</param>
internal sealed class BoundedCalls(Action<long> dropped)
{
    /// <summary>How many calls wait behind one that does not return.</summary>
    public const int MostWaiting = 256;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // For the calls of one sweep or rotation to share a thread.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Queue<Call> _waiting = new();
    private Thread? _thread;
    private bool _hangs;
    private long _dropped;

    /// <summary>Whether this is the thread apart.</summary>
    public bool IsApart => Thread.CurrentThread == Volatile.Read(ref _thread);

    /// <summary>Returns when the call did, or after a second. What it throws is its own affair.</summary>
    public void Run(Action action)
    {
        if (IsApart)
        {
            Quietly.Run(action);
        }
        else if (Enqueue(new Call(action, ExecutionContext.Capture())) is { } call && !call.Done.Wait(LongestWait))
        {
            lock (_lock)
            {
                _hangs |= !call.Done.IsSet;
            }
        }
    }

    /// <returns>The call if it is to be waited for.</returns>
    private Call? Enqueue(Call call)
    {
        lock (_lock)
        {
            if (_waiting.Count == MostWaiting)
            {
                _dropped++;
                return null;
            }

            _waiting.Enqueue(call);
            if (_thread is null)
            {
                // Not of the pool: one short of threads would delay it, and a call that hangs would take one from it.
                _thread = new Thread(Work) { IsBackground = true, Name = "ZeroTrust calls" };
                _thread.UnsafeStart();
            }

            Monitor.Pulse(_lock);
            return _hangs ? null : call;
        }
    }

    private void Work()
    {
        while (Take(out var count) is { } call)
        {
            call.Run();
            lock (_lock)
            {
                _hangs = false;
            }

            if (count > 0)
            {
                Quietly.Run(() => dropped(count));
            }
        }
    }

    // Null ends the thread: nothing that was disposed keeps one.
    private Call? Take(out long count)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                Monitor.Wait(_lock, Linger);
            }

            _thread = _waiting.Count > 0 ? _thread : null;

            // In their order: what was dropped came after all that waited.
            count = _waiting.Count == 1 ? _dropped : 0;
            _dropped -= count;
            return _waiting.TryDequeue(out var call) ? call : null;
        }
    }

    private sealed class Call(Action action, ExecutionContext? context)
    {
        public ManualResetEventSlim Done { get; } = new();

        public void Run()
        {
            if (context is null)
            {
                Quietly.Run(action);
            }
            else
            {
                // With the scopes and the activity of the caller.
                ExecutionContext.Run(context, static action => Quietly.Run((Action)action!), action);
            }

            Done.Set();
        }
    }
}
