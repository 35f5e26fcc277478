using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

public sealed class AmbientContextTests
{
    [Fact]
    public async Task The_context_is_ambient_in_the_handler_and_gone_when_its_request_has_ended()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<AuthzContext?>? leftBehind = null;
        await using var host = await MeshHost.StartAsync(app => app.MapGet("/orders", (IAuthzContextAccessor accessor) =>
        {
            leftBehind = ReadAfterAsync(ended.Task, accessor);
            return accessor.Current!.Tenant.ToString();
        }).RequireContext());
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();

        using var response = await client.SendAsync(Requests.Get("/orders", gateway.Send()), TestContext.Current.CancellationToken);
        Assert.Equal("acme", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // The answer may be read a moment before the pipeline has unwound; a second call on the same connection comes after it.
        Assert.Equal((401, "authz.context_missing"), await client.AskAsync(Requests.Get("/orders")));
        ended.SetResult();
        await Assert.ThrowsAsync<InvalidOperationException>(() => leftBehind!);

        static async Task<AuthzContext?> ReadAfterAsync(Task signal, IAuthzContextAccessor accessor)
        {
            await signal;
            return accessor.Current;
        }
    }

    [Fact]
    public async Task Without_a_context_nothing_is_ambient()
    {
        await using var host = await MeshHost.StartAsync(app =>
            app.MapGet("/public", (IAuthzContextAccessor accessor) => accessor.Current is null ? "none" : "some").AllowPublic("says whether it has a context"));
        using var client = host.Peer(MeshHost.Gateway).Client();

        Assert.Equal("none", await client.GetStringAsync(new Uri("/public", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_singleton_cannot_keep_the_context_of_the_call_that_made_it_and_a_scoped_service_may()
    {
        await using var host = await MeshHost.StartAsync(
            app =>
            {
                app.MapGet("/captive", (IServiceProvider services) => Capture<Captive>(services)).RequireContext();
                app.MapGet("/scoped", (IServiceProvider services) => Capture<Scoped>(services)).RequireContext();
            },
            builder => builder.Services.AddSingleton<Captive>().AddScoped<Scoped>());
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();

        Assert.Equal("refused", await ReadAsync("/captive"));
        Assert.Equal("acme", await ReadAsync("/scoped"));

        async Task<string> ReadAsync(string path)
        {
            using var response = await client.SendAsync(Requests.Get(path, gateway.Send()), TestContext.Current.CancellationToken);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        static string Capture<T>(IServiceProvider services)
            where T : Scoped
        {
            try
            {
                return services.GetRequiredService<T>().Tenant;
            }
            catch (InvalidOperationException)
            {
                return "refused";
            }
        }
    }

    [Fact]
    public void Registering_twice_is_registering_once()
    {
        var once = new ServiceCollection();
        once.AddZeroTrust().AddAuthzEndpoints();
        var count = once.Count;

        once.AddZeroTrust().AddAuthzEndpoints();

        Assert.Empty(once.Skip(count));
    }

    private class Scoped(AuthzContext context)
    {
        public string Tenant => context.Tenant.ToString();
    }

    private sealed class Captive(AuthzContext context) : Scoped(context);
}
