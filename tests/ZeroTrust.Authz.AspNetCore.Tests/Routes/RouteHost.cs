using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Hosts with one controller, and hosts that do not start.</summary>
internal static class RouteHost
{
    public static Task<MeshHost> StartAsync(Type group, string controller, Action<IMvcBuilder>? configure = null) =>
        StartAsync(group.GetNestedType(controller, BindingFlags.NonPublic)!, configure);

    public static Task<MeshHost> StartAsync(Type controller, Action<IMvcBuilder>? configure = null) => MeshHost.StartAsync(
        app => app.MapControllers(),
        builder => (configure ?? (_ => { }))(builder.Services.AddControllers().ConfigureApplicationPartManager(manager =>
        {
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new OnePart(controller));
            manager.FeatureProviders.Clear();
            manager.FeatureProviders.Add(new OneController());
        })));

    public static async Task<string> RefusedStartAsync(Func<Task<MeshHost>> start)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var host = await start();
        });
        return refusal.Message;
    }
}
