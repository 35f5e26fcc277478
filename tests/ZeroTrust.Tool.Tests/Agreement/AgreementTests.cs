using ZeroTrust.ConformanceTests;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>The tool and a running service of the same settings, asked about the same peers.</summary>
public sealed class AgreementTests : IDisposable
{
    private const int Seed = 20260;
    private const int Clients = 220;
    private const int Servers = 120;

    private readonly CaseWorld _world = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_tool_answers_what_a_listener_of_the_same_settings_does()
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        await using var service = await RunningService.StartAsync(_world.Settings);
        var table = new AgreementTable();

        foreach (var peer in new PeerCases(_world).Draw(Seed, Clients))
        {
            var answer = await service.AcceptAsync(peer, _folder.Path);
            table.Add(peer, answer, await AskAsync(peer, "--listener", "mesh"));
        }

        table.Check(leastCases: 200, leastCodes: 30);
    }

    [Fact]
    public async Task The_tool_answers_what_a_client_of_the_same_settings_does()
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        await using var service = await RunningService.StartAsync(_world.Settings);
        var table = new AgreementTable();

        foreach (var peer in new PeerCases(_world).Draw(Seed, Servers))
        {
            var server = peer.Name switch
            {
                _ when peer.Name.Contains("CRL", StringComparison.Ordinal) || peer.Name.Contains("revoked", StringComparison.Ordinal) => "crl",
                _ when peer.Name.Contains("DNS name", StringComparison.Ordinal) || peer.Name.StartsWith("a wildcard", StringComparison.Ordinal) => "dns",
                _ when peer.Name.Contains("denied by name", StringComparison.Ordinal) => "denied",
                _ => "gateway",
            };

            var answer = await service.CallAsync(server, peer, _folder.Path);
            table.Add(peer, answer, await AskAsync(peer, "--server", server));
        }

        table.Check(leastCases: 100, leastCodes: 30);
    }

    [Fact]
    public async Task The_tool_answers_what_a_client_of_a_partners_server_does()
    {
        Assert.SkipWhen(OpenSsl.Version is null, OpenSsl.HowToGet);
        await using var service = await RunningService.StartAsync(_world.Settings);
        var table = new AgreementTable();

        foreach (var peer in new PeerCases(_world).DrawPartners())
        {
            var answer = await service.CallAsync("partner", peer, _folder.Path);
            table.Add(peer, answer, await AskAsync(peer, "--server", "partner"));
        }

        table.Check(leastCases: 60, leastCodes: 15);
    }

    private async Task<string> AskAsync(PeerCase peer, params string[] args)
    {
        string[] command = ["verify", "-", "--json", "--settings", _world.Settings, .. args];
        var run = await ToolRun.OfAsync(TimeProvider.System, peer.Pem, TestContext.Current.CancellationToken, command);
        Assert.DoesNotContain(CaseWorld.Secret, run.Output + run.Error, StringComparison.Ordinal);
        Assert.True(run.Error.Length == 0, run.Error);
        var report = run.Json();
        return report.TryGetProperty("code", out var code) ? code.GetString()! : report.GetProperty("verdict").GetString()!;
    }
}
