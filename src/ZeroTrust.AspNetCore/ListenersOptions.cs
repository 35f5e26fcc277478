namespace ZeroTrust.AspNetCore;

/// <summary>The listeners of a service: <c>ZeroTrust:Listeners</c>. Nothing else may be bound.</summary>
public sealed class ListenersOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ZeroTrust:Listeners";

    /// <summary>The listeners by name.</summary>
    /// <value>Empty, which stops the host: a service listens on what is declared and on nothing else.</value>
    public IDictionary<string, ListenerOptions> Listeners { get; } = new Dictionary<string, ListenerOptions>(StringComparer.OrdinalIgnoreCase);
}
