using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AttackTests;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;

namespace ZeroTrust.HostBenchmarks;

/// <summary>The callers: workers on one HTTP/2 connection, each with one call after the other.</summary>
internal static class Load
{
    private const int Workers = 16;

    /// <summary>Answers each line of the input, a number of calls, with the milliseconds they took.</summary>
    public static async Task<int> RunAsync(HostVariant variant, int port, string folder)
    {
        var isOurs = variant.HasFlag(HostVariant.Ours);
        await using var services = Services(folder);
        using var handler = Handler(Mesh.CredentialOf(folder, "gateway"));
        using var client = new HttpMessageInvoker(handler);
        var address = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/orders/");
        var next = 0;

        // Readiness is polled after the start.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await CallAsync(client, address, ++next, isOurs ? Link(services) : null))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }

        while (await Console.In.ReadLineAsync() is { } line)
        {
            var calls = int.Parse(line, CultureInfo.InvariantCulture);
            var (began, context) = (TimeProvider.System.GetTimestamp(), isOurs ? Link(services) : null);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
            {
                while (Interlocked.Decrement(ref calls) >= 0)
                {
                    if (!await CallAsync(client, address, Interlocked.Increment(ref next), context))
                    {
                        throw new InvalidOperationException("A call was refused.");
                    }
                }
            }));
            Console.WriteLine((int)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return 0;
    }

    private static async Task<bool> CallAsync(HttpMessageInvoker client, string address, int number, TxnHeaders? context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{address}{number:x8}c1e"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "orders-client/3.2 (linux; x64)");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01");
        if (context is { } headers)
        {
            request.Headers.TryAddWithoutValidation(TxnHeaderNames.Token, headers.Token);
            request.Headers.TryAddWithoutValidation(TxnHeaderNames.Chain, headers.Chain);
            request.Headers.TryAddWithoutValidation(TxnHeaderNames.Certs, headers.Certs);
        }

        using var response = await client.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode == HttpStatusCode.OK;
    }

    private static SocketsHttpHandler Handler(PeerCredential credential) => new()
    {
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = credential.CertificateContext,
            RemoteCertificateValidationCallback = static (_, server, _, _) => server is not null,
        },
    };

    private static ServiceProvider Services(string folder)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Mesh.Settings(folder, "gateway")).Build());
        services.AddSingleton<IPeerCredentialSource>(new MemoryPeerCredentialSource(Mesh.CredentialOf(folder, "gateway")));
        services.AddZeroTrust().AddMtls().AddAuthz();
        return services.BuildServiceProvider();
    }

    private static TxnHeaders Link(IServiceProvider services)
    {
        var context = services.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("main/alice"), PermissionSet.Parse("orders:read")).GetOrThrow();
        return services.GetRequiredService<AuthzContextLinker>().Link(context, WorkloadId.Parse(TestMesh.Orders)).GetOrThrow();
    }
}
