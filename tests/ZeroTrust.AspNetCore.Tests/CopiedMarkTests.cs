using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>The mark of a refused connection is said by these packages alone; what an endpoint sets, or copies, is not.</summary>
public sealed class CopiedMarkTests
{
    private const string Mark = "ZeroTrust-Refused";
    private const string Redirect = "X-Accel-Redirect";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> Answers =>
        new(["1.1", "2.0"], ["/set/200", "/set/403", "/lower/401", "/appended/403", "/late/403", "/started/403", "/twice/403"]);

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_endpoint_cannot_say_it(string version, string path)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, Version.Parse(version));

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(path[^3..], $"{(int)answer.StatusCode}");
        Assert.False(answer.Headers.Contains(Mark));
        Assert.False(answer.Headers.Contains(Redirect));
        Assert.Equal("kept", Assert.Single(answer.Headers.GetValues("X-Other")));
    }

    [Fact]
    public async Task Nor_can_one_of_another_listener()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener(), use: Map);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{host.EndPoint("probe")}") };

        using var answer = await client.GetAsync(new Uri("/set/403", UriKind.Relative), Cancelled);

        Assert.False(answer.Headers.Contains(Mark));
    }

    [Theory]
    [InlineData("/trailer/appended")]
    [InlineData("/trailer/added")]
    [InlineData("/trailer/replaced")]
    [InlineData("/trailer/completed")]
    public async Task Nor_in_trailers(string path)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version20);

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal("body", await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.False(answer.TrailingHeaders.Contains(Mark));
        Assert.Equal("kept", Assert.Single(answer.TrailingHeaders.GetValues("X-Other")));
    }

    [Fact]
    public async Task Nginx_is_sent_where_the_application_says_otherwise()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh);
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate, HttpVersion.Version11);

        using var answer = await client.GetAsync(new Uri("/file", UriKind.Relative), Cancelled);

        Assert.Equal("/protected/file", Assert.Single(answer.Headers.GetValues(Redirect)));
    }

    private static Task<TestHost> StartAsync(Mesh mesh) => TestHost.StartAsync(TestHost.MeshListener(), mesh, use: Map);

    private static void Map(WebApplication app)
    {
        Add("/set/{status:int}", (http, status) => Put(http, Mark, status));
        Add("/lower/{status:int}", (http, status) => Put(http, "zerotrust-refused", status));
        Add("/appended/{status:int}", (http, status) =>
        {
            Put(http, Mark, status);
            http.Response.Headers.Append(Mark, "connection");
            http.Response.Headers.Append(Redirect, "@zerotrust_refused");
        });
        Add("/twice/{status:int}", (http, status) =>
        {
            Put(http, Mark, status);
            http.Response.Headers[Mark] = "a, connection";
        });
        Add("/late/{status:int}", (http, status) => http.Response.OnStarting(() =>
        {
            Put(http, Mark, status);
            return Task.CompletedTask;
        }));
        app.MapGet("/started/{status:int}", async (HttpContext http, int status) =>
        {
            Put(http, Mark, status);
            await http.Response.StartAsync();
            await http.Response.WriteAsync("body");
        }).AllowPublic("test").OnListeners(ListenerRoles.Mesh | ListenerRoles.Probe);
        Add("/file", (http, _) => http.Response.Headers[Redirect] = "/protected/file");
        app.MapGet("/trailer/{how}", async (HttpContext http, string how) =>
        {
            var feature = http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>();
            await http.Response.WriteAsync("body");
            switch (how)
            {
                case "appended":
                    http.Response.AppendTrailer(Mark, "connection");
                    break;
                case "added":
                    feature.Trailers.Add(new("zerotrust-refused", "connection"));
                    break;
                case "replaced":
                    feature.Trailers = new HeaderDictionary { [Mark] = "connection" };
                    break;
                default:
                    feature.Trailers[Mark] = "connection";
                    feature.Trailers["X-Other"] = "kept";
                    await http.Response.CompleteAsync();
                    return;
            }

            http.Response.AppendTrailer("X-Other", "kept");
        }).AllowPublic("test").OnListeners(ListenerRoles.Mesh);

        void Add(string pattern, Action<HttpContext, int> set) => app.MapGet(pattern, (HttpContext http, int? status) =>
        {
            set(http, status ?? 200);
            return Task.CompletedTask;
        }).AllowPublic("test").OnListeners(ListenerRoles.Mesh | ListenerRoles.Probe);
    }

    private static void Put(HttpContext http, string mark, int status)
    {
        http.Response.StatusCode = status;
        http.Response.Headers[mark] = "connection";
        http.Response.Headers[Redirect] = "@zerotrust_refused";
        http.Response.Headers["X-Other"] = "kept";
    }
}
