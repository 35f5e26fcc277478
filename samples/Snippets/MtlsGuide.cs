using ZeroTrust.Mtls;
using ZeroTrust.X509;

namespace ZeroTrust.Samples.Snippets;

/// <summary>The code of docs/guides/mtls.md and docs/getting-started.md.</summary>
internal static class MtlsGuide
{
    public static void CallAServer(WebApplicationBuilder builder)
    {
        // snippet: MeshClient
        builder.Services.AddHttpClient<OrdersClient>(client => client.BaseAddress = new Uri("https://orders.shop.svc:7443"))
            .AddMtls("orders")      // ZeroTrust:Mtls:Servers:orders names who has to answer
            .AddAuthz();            // links the caller's context to that identity
        // end
    }

    public static void NameTheCaller(WebApplication app)
    {
        // snippet: PeerEndpoint
        app.MapPost("/reindex", () => Results.Accepted())
            .RequirePeer("spiffe://example.test/scheduler");
        // end
    }

    public static void DenyAtOnce(MemoryTrustBundleSource trust)
    {
        // snippet: DenyAtOnce
        var stolen = WorkloadId.Parse("spiffe://example.test/orders");
        trust.Replace(new TrustBundleSet(trust.GetBundles(), new DenyList(workloads: [stolen])));
        // end
    }

    public static void Weaken(WebApplicationBuilder builder)
    {
        // snippet: NoRevocation
        builder.Services.AddZeroTrust()
            .DangerousMtls(dangers => dangers.AllowNoRevocation("lab.test", "certificates of a year, in a lab without data"));
        // end
    }

    internal sealed class OrdersClient(HttpClient http)
    {
        public Task<string> ReadAsync(string id, CancellationToken cancellationToken) =>
            http.GetStringAsync(new Uri($"/orders/{id}", UriKind.Relative), cancellationToken);
    }
}
