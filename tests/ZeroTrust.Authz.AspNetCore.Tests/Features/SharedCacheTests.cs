using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>An endpoint that is not public and tells shared caches to store its answers stops the host.</summary>
public sealed class SharedCacheTests
{
    [Fact]
    public async Task A_controller_stops_the_host() =>
        Assert.Contains("SharedController", await RefusedStartAsync<SharedController>(), StringComparison.Ordinal);

    [Fact]
    public async Task A_profile_for_all_caches_stops_the_host() =>
        Assert.Contains(
            "ProfileController",
            await RefusedStartAsync<ProfileController>(options => AddProfile(options, location: null)),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_filter_of_all_controllers_stops_the_host() =>
        Assert.Contains(
            "CachedController",
            await RefusedStartAsync<CachedController>(options => options.Filters.Add(new ResponseCacheAttribute { Duration = 60 })),
            StringComparison.Ordinal);

    [Fact]
    public async Task A_profile_for_clients_starts() =>
        await (await StartAsync<ProfileController>(options => AddProfile(options, ResponseCacheLocation.Client))).DisposeAsync();

    [Fact]
    public async Task A_controller_for_clients_starts() => await (await StartAsync<ClientCachedController>()).DisposeAsync();

    [Fact]
    public async Task A_public_controller_starts_and_its_answers_stay_public()
    {
        await using var host = await StartAsync<PublicController>();
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var response = await client.GetAsync(new Uri("/answer", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.True(response.Headers.CacheControl!.Public);
    }

    private static void AddProfile(MvcOptions options, ResponseCacheLocation? location) =>
        options.CacheProfiles["profile"] = new CacheProfile { Duration = 60, Location = location };

    private static Task<MeshHost> StartAsync<TController>(Action<MvcOptions>? configure = null) => MeshHost.StartAsync(
        app => app.MapControllers(),
        builder =>
        {
            NakedCases.WithController<TController>(builder);
            builder.Services.Configure(configure ?? (_ => { }));
        });

    private static async Task<string> RefusedStartAsync<TController>(Action<MvcOptions>? configure = null)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var host = await StartAsync<TController>(configure);
        });
        return refusal.Message;
    }
}
