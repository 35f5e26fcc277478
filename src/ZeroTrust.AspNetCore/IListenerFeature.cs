namespace ZeroTrust.AspNetCore;

/// <summary>The mark a connection carries from the listener that accepted it.</summary>
/// <remarks>Set when the connection is accepted, before its first byte is read. A request without it is aborted.</remarks>
public interface IListenerFeature
{
    /// <summary>The listener's name in the configuration.</summary>
    string Name { get; }

    /// <summary>What the listener is for.</summary>
    ListenerRole Role { get; }
}
