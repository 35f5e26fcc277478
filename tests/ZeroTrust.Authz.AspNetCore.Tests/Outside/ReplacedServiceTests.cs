using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.Authz.AspNetCore.Tests.Reached;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Outside;

/// <summary>
/// A service that the guard rests on cannot be replaced without a word: the host does not start, and says what to do instead.
/// </summary>
public sealed class ReplacedServiceTests
{
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (Action<IServiceCollection> Replace, string Advice)> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["IAuthorizationMiddlewareResultHandler"] = (
            services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, LenientResultHandler>(),
            "IRejectionWriter"),
        ["IAuthorizationPolicyProvider"] = (
            services => services.AddSingleton<IAuthorizationPolicyProvider, LenientPolicies>(),
            "DefaultAuthorizationPolicyProvider"),
        ["IAuthorizationHandlerProvider"] = (
            services => services.AddSingleton<IAuthorizationHandlerProvider, ForgetfulHandlers>(),
            "IAuthorizationHandler"),
        ["IApplicationBuilderFactory"] = (services => services.AddSingleton<IApplicationBuilderFactory, OtherBuilders>(), "IStartupFilter"),
        ["IHttpContextFactory"] = (services => services.AddSingleton<IHttpContextFactory, OtherContexts>(), "middleware"),
        ["IServer"] = (services => services.AddSingleton<IServer>(
            provider => new OtherServer(provider.GetServices<IServer>)), "IStartupFilter"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_host_does_not_start_with_another_one(string service)
    {
        var (replace, advice) = Cases[service];
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => MeshHost.StartAsync(
            app => app.MapGet("/orders", () => "served").RequireContext(), builder => replace(builder.Services)));

        Assert.StartsWith($"{service} was replaced by ZeroTrust.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_starts_with_policies_of_the_application_beside_ours()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/orders", () => "served").RequirePermission("orders:read"),
            builder => builder.Services.AddSingleton<IAuthorizationPolicyProvider, FurtherPolicies>());
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();

        Assert.Equal((200, string.Empty), await peer.AskAsync(Requests.Get("/orders", gateway.Send())));
        Assert.Equal((401, "authz.context_missing"), await peer.AskAsync(Requests.Get("/orders")));
    }

    [Fact]
    public async Task A_result_handler_registered_before_the_packages_is_replaced_by_theirs()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/orders", () => "served").RequirePermission("orders:read"),
            configureFirst: builder => builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, LenientResultHandler>());
        using var stranger = host.Client("edge");

        Assert.Equal((401, "authz.context_missing"), await stranger.AskAsync(Requests.Get("/orders")));
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_answered_by_the_framework()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet(
                "/orders",
                () => "served").RequirePermission("orders:read"), builder => builder.Configuration["AllowedHosts"] = "orders.example.test");
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var response = await peer.SendAsync(Requests.Get("/orders", gateway.Send()), TestContext.Current.CancellationToken);
        using var allowed = Requests.Get("/orders", gateway.Send());
        allowed.Headers.Host = "orders.example.test";

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal((200, string.Empty), await peer.AskAsync(allowed));
    }

    private sealed class OtherBuilders(IServiceProvider services) : IApplicationBuilderFactory
    {
        public IApplicationBuilder CreateBuilder(IFeatureCollection serverFeatures) => new ApplicationBuilder(services, serverFeatures);
    }

    private sealed class OtherContexts : IHttpContextFactory
    {
        public HttpContext Create(IFeatureCollection featureCollection) => new DefaultHttpContext(new FeatureCollection(featureCollection));

        public void Dispose(HttpContext httpContext)
        {
        }
    }

    private sealed class OtherServer(Func<IEnumerable<IServer>> others) : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => others().First(server => server != this).StartAsync(application, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }

    private sealed class FurtherPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) =>
            policyName.StartsWith("further-", StringComparison.Ordinal)
            ? Task.FromResult<AuthorizationPolicy?>(new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build())
            : base.GetPolicyAsync(policyName);
    }
}
