namespace ZeroTrust.Tests.Support;

/// <summary>What an application brings along goes wrong from a moment on: it throws, or it does not return until the test ends.</summary>
internal sealed class Fault : IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private volatile bool _throws;
    private volatile bool _blocks;
    private int _struck;

    /// <summary>How often it went wrong.</summary>
    public int Struck => Volatile.Read(ref _struck);

    public void Throw() => _throws = true;

    public void Block() => _blocks = true;

    public void End()
    {
        _throws = false;
        _blocks = false;
        _released.Set();
    }

    public void Strike()
    {
        if (_throws)
        {
            Interlocked.Increment(ref _struck);
            throw new InvalidOperationException("of the application");
        }

        if (_blocks)
        {
            Interlocked.Increment(ref _struck);
            _released.Wait();
        }
    }

    public void Dispose()
    {
        End();
        _released.Dispose();
    }
}
