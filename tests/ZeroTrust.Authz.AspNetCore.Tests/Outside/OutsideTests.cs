using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Outside;

/// <summary>
/// The guard is outside of everything a program registers: what leaves is the answer of a decided call, a refusal as it was written, or an
/// empty 500.
/// </summary>
public sealed class OutsideTests : IDisposable
{
    private readonly OutsideCases _cases = new();

    public enum Order
    {
        FilterBefore,
        FilterAfter,
        FilterInserted,
        Middleware,
    }

    public static TheoryData<string, Order> Rows
    {
        get
        {
            using var cases = new OutsideCases();
            var rows = new TheoryData<string, Order>();
            foreach (var item in cases.All())
            {
                foreach (var order in Enum.GetValues<Order>())
                {
                    rows.Add(item.Name, order);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _cases.Dispose();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Nothing_of_it_leaves(string name, Order order)
    {
        var outside = Assert.Single(_cases.All(), item => item.Name == name);
        await using var host = await StartAsync(outside.Use, order);
        await using var gateway = host.Peer(MeshHost.Gateway);
        foreach (var client in (HttpClient[])[host.Client("edge"), host.Client("probe"), gateway.Client()])
        {
            using (client)
            {
                await AssertNothingLeavesAsync(client, outside, Version.Parse("1.1"));
                if (client.BaseAddress!.Scheme == "https")
                {
                    await AssertNothingLeavesAsync(client, outside, Version.Parse("2.0"));
                }
            }
        }
    }

    [Theory]
    [InlineData(Order.FilterBefore)]
    [InlineData(Order.FilterAfter)]
    [InlineData(Order.FilterInserted)]
    [InlineData(Order.Middleware)]
    public async Task A_middleware_that_adds_headers_and_buffers_keeps_working_for_calls_that_are_served(Order order)
    {
        await using var host = await StartAsync(
            app => app.Use(async (context, next) =>
            {
                context.Response.Headers["X-Frame-Options"] = "DENY";
                var server = context.Response.Body;
                await using var buffer = new MemoryStream();
                context.Response.Body = buffer;
                await next(context);
                context.Response.Body = server;
                if (!context.Response.HasStarted)
                {
                    context.Response.Headers.ETag = "\"1\"";
                    await server.WriteAsync(buffer.ToArray(), context.RequestAborted);
                }
            }),
            order);
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var served = await peer.SendAsync(Requests.Get("/orders", gateway.Send()), TestContext.Current.CancellationToken);

        Assert.Equal(
            ("\"1\"", "served"), (served.Headers.ETag?.Tag, await served.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((401, "authz.context_missing"), await peer.AskAsync(Requests.Get("/orders")));
    }

    [Theory]
    [InlineData(Order.FilterBefore)]
    [InlineData(Order.Middleware)]
    public async Task Compression_serves_and_refuses(Order order)
    {
        await using var host = await StartAsync(
            app => app.UseResponseCompression(), order, builder => builder.Services.AddResponseCompression(
                options => options.EnableForHttps = true));
        await using var gateway = host.Peer(MeshHost.Gateway);
        using var peer = gateway.Client();
        using var served = await peer.SendAsync(
            Requests.Get("/orders", gateway.Send()).With("Accept-Encoding", "gzip"), TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], served.Content.Headers.ContentEncoding);
        Assert.Equal((401, "authz.context_missing"), await peer.AskAsync(Requests.Get("/orders")));
        Assert.Equal((401, "authz.context_missing"), await peer.AskAsync(Requests.Get("/orders").With("Accept-Encoding", "gzip")));
    }

    [Fact]
    public async Task A_call_that_is_refused_twice_is_answered_once()
    {
        await using var host = await StartAsync(
            app => app.Use(async (context, next) =>
            {
                await next(context);
                await context.RequestServices.GetRequiredService<RejectionHandler>()
                    .RefuseAsync(context, new Rejection("test.second", "again", RejectionKind.Forbidden));
            }),
            Order.Middleware);
        using var stranger = host.Client("edge");

        Assert.Equal((401, "authz.context_missing"), await stranger.AskAsync(Requests.Get("/orders")));
        await Eventually.TrueAsync(
            () => host.Logs.GetSnapshot().Count(record => record.Id.Name == "CallRefused") == 2, "The second refusal was not logged.");
    }

    private static Task<MeshHost> StartAsync(Action<IApplicationBuilder> use, Order order, Action<WebApplicationBuilder>? configure = null)
    {
        var filter = ServiceDescriptor.Singleton<IStartupFilter>(new Filter(use));
        return MeshHost.StartAsync(
            app => app.MapGet("/orders", () => "served").RequirePermission("orders:read"),
            builder =>
            {
                configure?.Invoke(builder);
                if (order == Order.FilterAfter)
                {
                    builder.Services.Add(filter);
                }
                else if (order == Order.FilterInserted)
                {
                    builder.Services.Insert(0, filter);
                }
            },
            app =>
            {
                if (order == Order.Middleware)
                {
                    use(app);
                }

                MeshHost.UsePackages(app);
            },
            builder =>
            {
                if (order == Order.FilterBefore)
                {
                    builder.Services.Add(filter);
                }
            });
    }

    private static async Task AssertNothingLeavesAsync(HttpClient client, OutsideCase outside, Version version)
    {
        if (outside.AsksToUpgrade && version.Major > 1)
        {
            return;
        }

        using var request = new HttpRequestMessage(outside.Method, new Uri("/orders", UriKind.Relative))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (outside.AsksToUpgrade)
        {
            request.With("Connection", "Upgrade").With("Upgrade", "websocket");
        }

        if (outside.IsPreflight)
        {
            request.With("Origin", "https://shop.example.test").With("Access-Control-Request-Method", "GET");
        }

        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // No answer at all.
            return;
        }

        using (response)
        {
            var body = await BodyOfAsync(response);
            Assert.True((int)response.StatusCode >= 400, $"{(int)response.StatusCode} {body}");
            Assert.DoesNotContain(
                OutsideCases.Canary,
                $"{response.Headers} {response.Content.Headers} {response.TrailingHeaders} {body}",
                StringComparison.Ordinal);
            var isRefusal = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && body.Contains("\"code\":\"", StringComparison.Ordinal);
            Assert.True(isRefusal || ((int)response.StatusCode == 500 && body.Length == 0), $"{(int)response.StatusCode} {body}");
        }
    }

    private static async Task<string> BodyOfAsync(HttpResponseMessage response)
    {
        try
        {
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return "cut off";
        }
    }

    private sealed class Filter(Action<IApplicationBuilder> use) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            use(app);
            next(app);
        };
    }
}
