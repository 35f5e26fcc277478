using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;

namespace ZeroTrust.IntegrationTests.Soak;

/// <summary>
/// HTTP/2 load while certificates, CRLs and the CA itself are replaced again and again. Ten seconds; <c>ZEROTRUST_SOAK_SECONDS=60</c> makes it a minute.
/// </summary>
public sealed class RotationSoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("ZEROTRUST_SOAK_SECONDS") ?? "10", CultureInfo.InvariantCulture));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_call_fails_while_all_trust_is_replaced_and_a_revoked_peer_is_cut_off()
    {
        using var pki = new RotatingPki();
        foreach (var name in (string[])["server", "client", "victim"])
        {
            pki.IssueLeaf(name);
        }

        await using var server = await SoakServer.StartAsync(pki, Cancelled);
        var endPoint = server.Services.GetRequiredService<BoundListeners>().GetEndPoint("mesh");
        await using var client = await SoakClient.StartAsync(pki, "client", endPoint, Cancelled);
        await using var victim = await SoakClient.StartAsync(pki, "victim", endPoint, Cancelled);
        client.Start();
        await MeetAsync(client, pki);

        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Duration)
        {
            pki.IntroduceRoot();
            await LoadedAsync(pki, server.Services, client.Services, victim.Services);
            IssueLeaves(pki);
            await MeetAsync(client, pki);
            pki.RetireFormerRoot();
            await LoadedAsync(pki, server.Services, client.Services, victim.Services);
            pki.PublishCrls();
            IssueLeaves(pki);
            await MeetAsync(client, pki);
        }

        var cut = await RevokeAsync(pki, victim);
        await client.StopAsync();

        output.WriteLine(
            $"{client.Calls} calls, {client.Failures.Count} failed; {pki.Roots} roots, {pki.Leaves} leaves, {pki.Crls} CRLs; a revoked peer's stream was cut after {cut.TotalMilliseconds:F0} ms");
        Assert.True(client.Failures.Count == 0, client.Failures.Count == 0 ? null : client.Failures[0]);
        Assert.True(Math.Min(pki.Roots, Math.Min(pki.Crls, pki.Leaves)) >= 3, "Nothing was replaced often enough.");
        Assert.True(cut < TimeSpan.FromSeconds(1), $"The revoked peer's stream went on for {cut}.");
    }

    private static void IssueLeaves(RotatingPki pki)
    {
        pki.IssueLeaf("server");
        pki.IssueLeaf("client");
        pki.IssueLeaf("victim");
    }

    private static async Task<TimeSpan> RevokeAsync(RotatingPki pki, SoakClient victim)
    {
        using var response = await victim.Http.GetAsync(new Uri("/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[16];
        Assert.NotEqual(0, await stream.ReadAsync(buffer, Cancelled));

        var published = Stopwatch.GetTimestamp();
        pki.Revoke("victim");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Deadline);
        try
        {
            while (await stream.ReadAsync(buffer, deadline.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
        }

        return Stopwatch.GetElapsedTime(published);
    }

    // Until every call goes over a connection of the newest leaves, old ones must stay trusted, as in any real rotation.
    private static Task MeetAsync(SoakClient client, RotatingPki pki) =>
        UntilAsync(() => client.Meets($"{pki.LeafOf("client")} {pki.LeafOf("server")}"), () => $"The newest leaves were not met. {string.Join(' ', client.Failures.Take(1))}");

    private static Task LoadedAsync(RotatingPki pki, params IServiceProvider[] workloads) => UntilAsync(
        () => workloads.All(workload =>
        {
            var bundle = workload.GetRequiredService<ITrustBundleSource>().GetBundles().Single();
            return bundle.Anchors.Count == pki.TrustedRoots && bundle.Crls?.Count == 2 * pki.TrustedRoots;
        }),
        () => "The new trust was not loaded.");

    private static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Deadline, what());
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancelled);
        }
    }
}
