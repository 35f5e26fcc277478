namespace ZeroTrust.FuzzTests.Mutation;

/// <summary>Random numbers that are the same on every machine for the same seed (SplitMix64), so that every case can be made again.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The dice of one case of a run.</summary>
    public static Dice Of(ulong seed, int index) => new((seed * 0xD1B54A32D192ED03) + (ulong)index);

    /// <summary>A number from zero up to, not including, the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool OneIn(int count) => Below(count) == 0;

    public byte Octet() => (byte)Next();

    public T Pick<T>(params IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte[] Octets(int count)
    {
        var octets = new byte[count];
        for (var i = 0; i < count; i++)
        {
            octets[i] = Octet();
        }

        return octets;
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
