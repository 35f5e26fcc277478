using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Mtls.Tests.Partners;

internal static class PartnerCalls
{
    /// <summary>Calls with a client of its own.</summary>
    public static async Task<string> CallAsync(this IServiceProvider services, string server, PartnerSite site)
    {
        using var client = services.NewClient(server);
        return await client.GetStringAsync(site.Address, TestContext.Current.CancellationToken);
    }

    public static HttpClient NewClient(this IServiceProvider services, string server) =>
        new(services.GetRequiredService<MtlsHandlerFactory>().Create(server));

    /// <summary>Calls, and is refused before a request is sent.</summary>
    public static async Task<Rejection> RefuseAsync(this IServiceProvider services, string server, PartnerSite site)
    {
        var requests = site.Requests.Count;
        var refusal = await Assert.ThrowsAsync<RejectionException>(() => services.CallAsync(server, site));
        Assert.True(refusal.Rejection.IsOutbound);
        Assert.Equal(requests, site.Requests.Count);
        return refusal.Rejection;
    }
}
