using System.Text.Json;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>What an HTTP call came back with. Status 0: no answer at all, the connection was refused or broken.</summary>
internal sealed record Answer(int Status, string Body)
{
    public static Answer None { get; } = new(0, "");

    /// <summary>The <c>code</c> of a problem document.</summary>
    public string? Code => Member("code");

    /// <summary>Status as the table prints it.</summary>
    public string Text => Status == 0 ? "no answer" : $"{Status}";

    public string? Member(string name)
    {
        if (!Body.StartsWith('{'))
        {
            return null;
        }

        using var document = JsonDocument.Parse(Body);
        return document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}
