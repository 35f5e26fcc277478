using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Transports;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A circuit of Blazor Server answers to the caller that began it, on whichever connection its secret is named.</summary>
public sealed class CircuitOwnerTests
{
    private readonly CircuitWatch _watch = new();

    [Theory(Timeout = 60_000)]
    [InlineData("globex", false)]
    [InlineData("acme/idp/bob", false)]
    [InlineData("globex", true)]
    [InlineData("acme/idp/bob", true)]
    public async Task A_live_circuit_is_not_taken_over_by_another_caller(string attacker, bool polling)
    {
        await using var tenants = await StartAsync();
        using var alice = await CircuitConnection.OpenAsync(tenants, "acme", polling);
        var secret = await alice.StartAsync(tenants, "acme");

        using var taker = await CircuitConnection.OpenAsync(tenants, attacker, polling);
        Assert.Equal("false", await taker.ConnectAsync(secret).WaitAsync(TestContext.Current.CancellationToken));

        Assert.DoesNotContain("acme/idp/alice", taker.Seen, StringComparison.Ordinal);
        AssertRefusedOnce(tenants);
        using var again = await CircuitConnection.OpenAsync(tenants, "acme", polling);
        Assert.Equal("true", await again.ConnectAsync(secret));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("globex")]
    [InlineData("acme/idp/bob")]
    public async Task A_disconnected_circuit_is_not_taken_over_by_another_caller_and_its_caller_reconnects(string attacker)
    {
        await using var tenants = await StartAsync();
        var secret = await StartAndLeaveAsync(tenants, () => _watch.Down);

        using var taker = await CircuitConnection.OpenAsync(tenants, attacker);
        Assert.Equal("false", await taker.ConnectAsync(secret).WaitAsync(TestContext.Current.CancellationToken));

        AssertRefusedOnce(tenants);
        using var again = await CircuitConnection.OpenAsync(tenants, "acme");
        Assert.Equal("true", await again.ConnectAsync(secret));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("globex")]
    [InlineData("acme/idp/bob")]
    public async Task A_persisted_circuit_is_not_resumed_by_another_caller_and_its_caller_resumes_it(string attacker)
    {
        await using var tenants = await StartAsync(options => options.DisconnectedCircuitMaxRetained = 0);
        var secret = await StartAndLeaveAsync(tenants, () => _watch.Closed);

        using var taker = await CircuitConnection.OpenAsync(tenants, attacker);
        Assert.Equal("nothing", await taker.ResumeAsync(secret).WaitAsync(TestContext.Current.CancellationToken));

        AssertRefusedOnce(tenants);
        using var again = await CircuitConnection.OpenAsync(tenants, "acme");
        var resumed = await again.ResumeAsync(secret);
        Assert.True(resumed.Length > 20, $"Not resumed: {resumed}");
        Assert.Equal("false", await taker.ConnectAsync(resumed));
        using var third = await CircuitConnection.OpenAsync(tenants, "acme");
        Assert.Equal("true", await third.ConnectAsync(resumed));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_secret_that_no_caller_was_given_is_refused()
    {
        await using var tenants = await StartAsync();
        using var connection = await CircuitConnection.OpenAsync(tenants, "acme");

        Assert.Equal("false", await connection.ConnectAsync("CfDJ8made-up").WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal("nothing", await connection.ResumeAsync("CfDJ8made-up"));
        Assert.Equal("false", await connection.ConnectAsync(string.Empty));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_circuit_is_ended_by_its_caller_alone()
    {
        await using var tenants = await StartAsync();
        using var alice = await CircuitConnection.OpenAsync(tenants, "acme");
        var secret = await alice.StartAsync(tenants, "acme");

        Assert.Equal("403", await EndAsync(tenants, "globex", secret).WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal("403", await EndAsync(tenants, "acme/idp/bob", secret));
        Assert.Equal(0, _watch.Closed);

        Assert.Equal("200 ", await EndAsync(tenants, "acme", secret));
        await Eventually.TrueAsync(() => _watch.Closed == 1, "The circuit lives on.");
    }

    [Fact(Timeout = 60_000)]
    public async Task Public_circuits_are_shared_by_callers_without_a_context_and_not_with_one_that_has_it()
    {
        await using var tenants = await StartAsync(isPublic: true);
        using var first = await CircuitConnection.OpenAsync(tenants, caller: null);
        var open = await first.StartAsync(tenants, caller: null);
        using var alice = await CircuitConnection.OpenAsync(tenants, "acme");
        var secret = await alice.StartAsync(tenants, "acme");

        using var second = await CircuitConnection.OpenAsync(tenants, caller: null);
        Assert.Equal("false", await second.ConnectAsync(secret).WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal("true", await second.ConnectAsync(open));
        using var third = await CircuitConnection.OpenAsync(tenants, "acme");
        Assert.Equal("false", await third.ConnectAsync(open));
    }

    [Fact]
    public void Every_method_of_the_hub_is_known()
    {
        var hub = typeof(CircuitOptions).Assembly.GetType(CircuitHub.TypeName, throwOnError: true)!;

        var methods = hub.GetMethods().Where(method => method.DeclaringType == hub
            && !method.IsSpecialName
            && method.GetBaseDefinition() == method
            && !method.IsStatic);

        var known = CircuitHub.OfConnection.Append(CircuitHub.Start).Append(CircuitHub.Connect).Append(CircuitHub.Resume);
        Assert.Equal(
            string.Join(' ', known.Order(StringComparer.Ordinal)),
            string.Join(' ', methods.Select(method => method.Name).Order(StringComparer.Ordinal)));
        Assert.True(hub.IsSubclassOf(typeof(Hub)));
    }

    private static Task<string> EndAsync(TwoTenants tenants, string caller, string secret) => tenants.AskAsync(
        caller,
        new HttpRequestMessage(HttpMethod.Post, "/_blazor/disconnect")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("circuitId", secret)]),
        });

    private static void AssertRefusedOnce(TwoTenants tenants)
    {
        var record = Assert.Single(
            tenants.Host.Logs.GetSnapshot(), item => item.Message.Contains("authz.connection_mismatch", StringComparison.Ordinal));
        Assert.Contains(MeshHost.Gateway, record.Message, StringComparison.Ordinal);
        Assert.Contains("mesh", record.Message, StringComparison.Ordinal);
    }

    private static async Task<string> StartAndLeaveAsync(TwoTenants tenants, Func<int> isLeft)
    {
        using var alice = await CircuitConnection.OpenAsync(tenants, "acme");
        var secret = await alice.StartAsync(tenants, "acme");
        alice.Dispose();
        await Eventually.TrueAsync(() => isLeft() > 0, "The circuit has its connection still.");
        return secret;
    }

    private Task<TwoTenants> StartAsync(Action<CircuitOptions>? configure = null, bool isPublic = false) => TwoTenants.StartAsync(
        app =>
        {
            var pages = app.MapRazorComponents<CircuitPage>().AddInteractiveServerRenderMode();
            _ = isPublic ? pages.AllowPublic("shown to everybody") : pages.RequireContext();
        },
        builder =>
        {
            builder.Services.AddSingleton<CircuitHandler>(_watch);
            builder.Services.AddRazorComponents().AddInteractiveServerComponents(configure);
        },
        app => app.UseAntiforgery());
}
