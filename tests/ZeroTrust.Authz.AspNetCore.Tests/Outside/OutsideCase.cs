using Microsoft.AspNetCore.Builder;

namespace ZeroTrust.Authz.AspNetCore.Tests.Outside;

/// <summary>
/// Something of the application that stands before the pipeline, and answers there or rewrites what the pipeline answered.
/// </summary>
/// <param name="Name">What it is.</param>
/// <param name="Use">Adds it.</param>
internal sealed record OutsideCase(string Name, Action<IApplicationBuilder> Use)
{
    /// <summary>What is called.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Whether the caller asks for a WebSocket.</summary>
    public bool AsksToUpgrade { get; init; }

    /// <summary>Whether the caller is a browser that asks before it calls.</summary>
    public bool IsPreflight { get; init; }
}
