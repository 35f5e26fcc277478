using System.Net;
using System.Net.Security;
using ZeroTrust.Authz;

namespace ZeroTrust.Tests.AotSmoke;

/// <summary>One call that has to be served, and one that must not be.</summary>
internal static class Calls
{
    public static async Task<string> AsWorkloadAsync(IServiceProvider services, Uri address)
    {
        var tenant = TenantId.Parse("acme");
        var context = services.GetRequiredService<AuthzContextMinter>()
            .CreateSystemContext(tenant, PermissionSet.Parse("orders:read"), "smoke")
            .GetOrThrow();
        using var scope = services.GetRequiredService<IAuthzContextAccessor>().Enter(context);
        return await services.GetRequiredService<IHttpClientFactory>().CreateClient("self").GetStringAsync(address);
    }

    /// <summary>A client that would take any server, and proves nothing itself.</summary>
    public static async Task<bool> AsStrangerAsync(Uri address)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null },
        };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(address);
        return response.StatusCode == HttpStatusCode.Unauthorized;
    }
}
