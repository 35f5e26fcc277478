using System.Net;
using System.Text.Json;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>What the edge answered to a user.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body)
{
    /// <summary>The code of a refusal.</summary>
    public string? Code => Read("code");

    /// <summary>A member of the answered object, null when it is not there.</summary>
    public string? Read(string member)
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.TryGetProperty(member, out var value) ? value.ToString() : null;
    }
}
