using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ZeroTrust.IntegrationTests.Mesh;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.InMemory;

/// <summary>Test peers that were left in a service do not let it start where callers could be real.</summary>
public sealed class TestPeersLeftInTests : IDisposable
{
    private readonly TestPeers _peers = new("spiffe://example.test/orders");

    public void Dispose() => _peers.Dispose();

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    [InlineData("Testing")]
    public async Task A_real_server_does_not_start(string environment)
    {
        await using var app = Build(environment, inMemory: false);

        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("UseTestPeer", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("Kestrel", stopped.Message, StringComparison.Ordinal);
        Assert.Empty(app.Urls);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("Test")]
    public async Task Another_environment_does_not_start(string environment)
    {
        await using var app = Build(environment, inMemory: true);

        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"'{environment}'", stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Testing")]
    public async Task A_test_starts(string environment)
    {
        await using var app = Build(environment, inMemory: true);

        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    private WebApplication Build(string environment, bool inMemory)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Listeners:probe:Url"] = "http://127.0.0.1:0",
            ["ZeroTrust:Listeners:probe:Role"] = "Probe",
        });
        builder.Logging.ClearProviders();
        builder.AddZeroTrustDefaults(zeroTrust => zeroTrust.InTestProcess());
        if (inMemory)
        {
            builder.WebHost.UseTestServer();
        }

        builder.WebHost.UseTestPeer(_peers);
        var app = builder.Build();
        app.UseZeroTrust();
        app.MapGet("/", () => "").RequirePeer("spiffe://example.test/gateway");
        return app;
    }
}
