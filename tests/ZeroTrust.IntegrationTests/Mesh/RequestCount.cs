namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Counts what reached a host's pipeline at all, refused there or not.</summary>
internal sealed class RequestCount
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);
}
