namespace ZeroTrust.Redaction.Tests.Properties;

/// <summary>A source of numbers that a seed repeats (SplitMix64), for examples and not for secrets.</summary>
internal sealed class Draw(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state = seed * Step;

    public int Next(int end) => (int)(Next() % (ulong)end);

    public int Next(int begin, int end) => begin + Next(end - begin);

    public long Next(long begin, long end) => begin + (long)(Next() % (ulong)(end - begin));

    /// <summary>From 0 to less than 1.</summary>
    public double Fraction() => (Next() >> 11) / (double)(1UL << 53);

    public T Of<T>(params T[] values) => values[Next(values.Length)];

    public string Text(string letters, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => letters[Next(letters.Length)]));

    public byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)Next())];

    private ulong Next()
    {
        _state += Step;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
