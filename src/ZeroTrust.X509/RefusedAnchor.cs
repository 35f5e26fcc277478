namespace ZeroTrust.X509;

/// <summary>An anchor that was left out of a set.</summary>
public sealed class RefusedAnchor
{
    internal RefusedAnchor(int index, Rejection rejection)
    {
        Index = index;
        Rejection = rejection;
    }

    /// <summary>Where it stood among those given, from 0.</summary>
    public int Index { get; }

    /// <summary>Which certificate it is and the rule it breaks.</summary>
    public Rejection Rejection { get; }
}
