using System.Globalization;
using ZeroTrust.PeerTests.Service;

namespace ZeroTrust.PeerTests;

/// <summary>Calls that clients which nobody here wrote lose while a service rotates its certificate, and while it drains.</summary>
public sealed class LostCallTests(ITestOutputHelper output)
{
    private const string FailsAtGoAway = "Java 17 HTTP/2";

    // The long form is a step of eng/full.
    private static readonly int Rotations =
        int.TryParse(Environment.GetEnvironmentVariable("ZEROTRUST_FOREIGN_ROTATIONS"), CultureInfo.InvariantCulture, out var rotations) ? rotations : 2;

    public static TheoryData<string> Clients() => new(ForeignClient.Lasting.Select(client => client.Name));

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task None_is_lost_to_a_rotation(string name)
    {
        var client = Require(name);
        using var pki = new PeerPki();
        await using var service = await PeerService.StartAsync(pki);
        using var process = await ClientProcess.LoadAsync(client, service.Address, pki.Issue(Refusal.None));

        for (var rotation = 0; rotation < Rotations; rotation++)
        {
            pki.RenewService();

            // The look for the files, the time in which connections drain, and as long again to call on.
            await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        }

        Judge("rotation", name, await process.StopAsync());
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task None_is_lost_to_a_drain(string name)
    {
        var client = Require(name);
        using var pki = new PeerPki();
        await using var service = await PeerService.StartAsync(pki);
        using var process = await ClientProcess.LoadAsync(client, service.Address, pki.Issue(Refusal.None));

        // Calls are served on for the three seconds in which nobody knows of the end yet.
        var stopping = service.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Judge("drain", name, await process.StopAsync());
        await stopping;
    }

    private static ForeignClient Require(string name)
    {
        var client = ForeignClient.Named(name);
        Assert.SkipWhen(client.Missing() is not null, client.Missing() ?? string.Empty);
        return client;
    }

    private void Judge(string what, string name, string counts)
    {
        output.WriteLine($"| {what} | {name} | {counts} |");
        Assert.SkipWhen(name == FailsAtGoAway, $"Before JDK 17.0.17 it fails every stream that a GOAWAY finds open (JDK-8335181): {counts}");
        Assert.Contains(" lost 0", counts, StringComparison.Ordinal);
    }
}
