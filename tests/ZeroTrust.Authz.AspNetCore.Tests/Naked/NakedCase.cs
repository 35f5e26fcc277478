using Microsoft.AspNetCore.Builder;

namespace ZeroTrust.Authz.AspNetCore.Tests.Naked;

/// <summary>One way to serve something that nobody decided about.</summary>
/// <param name="Name">What was done, or forgotten.</param>
/// <param name="Map">Maps the endpoint, behind the pipeline.</param>
internal sealed record NakedCase(string Name, Action<WebApplication> Map)
{
    /// <summary>Where it answers.</summary>
    public string Path { get; init; } = "/naked";

    /// <summary>What the host needs beside the packages.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>The pipeline, where it is not the packages' own.</summary>
    public Action<WebApplication>? Pipeline { get; init; }

    /// <summary>What happens after the start.</summary>
    public Action? Late { get; init; }

    /// <summary>Whether the host has to refuse to start; else the call is refused.</summary>
    public bool StopsTheHost { get; init; } = true;

    /// <summary>Whether the code runs although nothing of its answer leaves: it stands before the decision.</summary>
    public bool MayRun { get; init; }
}
