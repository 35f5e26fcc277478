using Microsoft.AspNetCore.Builder;

namespace ZeroTrust.Authz.AspNetCore.Tests.Reached;

/// <summary>One way that leads a call of <c>/open</c>, which everybody may call, to another endpoint, which not everybody may.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Map">Maps the endpoints and the way from one to the other, behind the pipeline.</param>
internal sealed record ReachedCase(string Name, Action<WebApplication> Map)
{
    /// <summary>What the host needs beside the packages.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>The pipeline, where it is not the packages' own.</summary>
    public Action<WebApplication>? Pipeline { get; init; }

    /// <summary>What is called.</summary>
    public string Path { get; init; } = "/open";

    /// <summary>Whether a caller with the permission gets there in the same way.</summary>
    public bool ServesThePermitted { get; init; } = true;
}
