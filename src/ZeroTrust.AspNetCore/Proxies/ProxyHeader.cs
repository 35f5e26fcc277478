using System.Net;

namespace ZeroTrust.AspNetCore.Proxies;

/// <summary>One header of the PROXY protocol that was read to its end.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Source">Where the client connected from; null where the connection is the proxy's own, or of an unknown kind.</param>
/// <param name="Destination">What the client connected to.</param>
internal sealed record ProxyHeader(int Length, IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>A header after which the ends of the connection stay what they are.</summary>
    public static ProxyHeader WithoutEnds(int length) => new(length, Source: null, Destination: null);
}
