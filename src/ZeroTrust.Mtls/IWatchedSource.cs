namespace ZeroTrust.Mtls;

/// <summary>A source that is looked at again and again, and refuses what rests on it once that has stopped.</summary>
/// <remarks>
/// The sources that read files are; sources that are told of changes, such as those in memory, are not and never grow stale. A source of an
/// application that polls may implement it beside <see cref="IPeerCredentialSource"/> or the source of a token service's keys.
/// </remarks>
public interface IWatchedSource
{
    /// <summary>Checks how long ago the source was looked at. Asked for each use, so it costs a comparison.</summary>
    /// <returns>Null while the source is current, and while no host looks at it; else a refusal of the kind <see cref="RejectionKind.Unavailable"/>.</returns>
    Rejection? CheckStaleness();
}
