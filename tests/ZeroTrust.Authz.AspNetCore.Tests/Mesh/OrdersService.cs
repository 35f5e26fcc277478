using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.AspNetCore;

namespace ZeroTrust.Authz.Tests.Mesh;

/// <summary>One endpoint of each kind.</summary>
internal static class OrdersService
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/orders", (AuthzContext context) => context.Tenant.ToString()).RequirePermission("orders:read");
        app.MapGet("/tenants/{tenant}/orders", (AuthzContext context) => context.Tenant.ToString()).RequirePermission("orders:read", "tenant");
        app.MapGet("/tenants/{tenant}/profile", () => "profile").RequireTenant("tenant");
        app.MapGet("/me", (HttpContext http) => http.GetAuthzContext().Subject.ToString()).RequireContext();
        app.MapGet("/resources/{owner}", (string owner, AuthzContext context) =>
        {
            context.RequireTenant(TenantId.Parse(owner));
            return "resource";
        }).RequireContext();
        app.MapGet("/headers", (HttpContext http) => string.Join(' ', http.Request.Headers.Keys)).AllowPublic("echoes what was left of the request");
        app.MapGet("/manage", () => "managed").RequirePermission("orders:write").OnListeners(ListenerRoles.Management);
        app.MapGet("/left", (HttpContext http) => string.Join(' ', http.Request.Headers.Keys))
            .AllowPublic("echoes what was left of the request").OnListeners(ListenerRoles.Probe);
        app.MapGet("/peer", () => "peer").RequirePeer(MeshHost.Gateway);
        app.MapGet("/careless", (AuthzContext context) => context.Tenant.ToString()).AllowPublic("asks for a context it need not have");
    }
}
