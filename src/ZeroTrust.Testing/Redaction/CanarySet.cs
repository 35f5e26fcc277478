using System.Security.Cryptography;

namespace ZeroTrust.Testing;

/// <summary>The canaries of one run, each an address that is used once and so names the surface it was put on.</summary>
internal sealed class CanarySet
{
    /// <summary>Put into the resource before there is a run.</summary>
    public const string Resource = ResourceToken + "@canary.example";

    private const string ResourceToken = "zt-resource-canary";
    private readonly List<(string Signal, string Surface, string Token)> _canaries = [];
    private readonly List<(string Signal, string Token)> _innocents = [];

    /// <summary>An e-mail address that must not arrive.</summary>
    public string Address(string signal, string surface) => Token(signal, surface) + "@canary.example";

    /// <summary>A word that only its key makes sensitive.</summary>
    public string Token(string signal, string surface)
    {
        var token = NewToken();
        _canaries.Add((signal, surface, token));
        return token;
    }

    /// <summary>A word that must arrive, or nothing was proved about the signal.</summary>
    public string Innocent(string signal)
    {
        var token = NewToken();
        _innocents.Add((signal, token));
        return token;
    }

    public void ExpectResource() => _canaries.AddRange(
        _innocents.Select(static innocent => innocent.Signal).Distinct(StringComparer.Ordinal).Select(static signal => (signal, "resource attribute", ResourceToken)));

    /// <summary>The signals of which nothing arrived.</summary>
    public IReadOnlyList<string> Missing(IReadOnlyList<OtlpRequest> requests) =>
        [.. _innocents.Where(innocent => !requests.Any(request => request.Contains(innocent.Token))).Select(static innocent => innocent.Signal)];

    /// <summary>The canaries that arrived.</summary>
    public IReadOnlyList<RedactionLeak> Leaks(IReadOnlyList<OtlpRequest> requests) =>
    [
        .. from canary in _canaries
           let found = requests.FirstOrDefault(request => request.Path == "/v1/" + canary.Signal && request.Contains(canary.Token))
               ?? requests.FirstOrDefault(request => canary.Token != ResourceToken && request.Contains(canary.Token))
           where found is not null
           select new RedactionLeak(canary.Signal, canary.Surface, found.Path),
    ];

    // Letters only: a run of digits could be taken for a card number, and instrument names begin with a letter.
    private static string NewToken() => "zt" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 16);
}
