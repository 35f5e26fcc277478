namespace ZeroTrust;

/// <summary>Weakenings that are known once the host has started, as attributes of endpoints are.</summary>
/// <remarks>Packages register one beside the <see cref="Weakening"/>s that are known before.</remarks>
public interface IWeakeningSource
{
    /// <summary>Those that are known by now.</summary>
    IReadOnlyCollection<Weakening> Weakenings { get; }
}
