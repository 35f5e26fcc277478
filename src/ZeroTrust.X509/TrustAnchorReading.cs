namespace ZeroTrust.X509;

/// <summary>Anchors that were read together: those that are trusted, and those that were left out.</summary>
public sealed class TrustAnchorReading
{
    internal TrustAnchorReading(TrustAnchorSet anchors, IReadOnlyList<RefusedAnchor> leftOut)
    {
        Anchors = anchors;
        LeftOut = leftOut;
    }

    /// <summary>The anchors that keep the rules; at least one.</summary>
    public TrustAnchorSet Anchors { get; }

    /// <summary>The anchors that do not, in their order; say so to the operator.</summary>
    public IReadOnlyList<RefusedAnchor> LeftOut { get; }
}
