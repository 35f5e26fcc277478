using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>A log provider that throws changes no answer: refused is refused with its code, and a valid peer is served.</summary>
public sealed class BrokenLogTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "/nothing", HttpStatusCode.NotFound)]
    [InlineData(true, "/others", HttpStatusCode.Forbidden)]
    [InlineData(false, "/nothing", HttpStatusCode.NotFound)]
    [InlineData(false, "/others", HttpStatusCode.Forbidden)]
    public async Task A_refused_call_keeps_its_code_and_a_valid_peer_is_served(bool throws, string path, HttpStatusCode status)
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, throws);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        Assert.Equal("1", await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), Cancelled));
        using var refused = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(status, refused.StatusCode);
        await AssertProblemAsync(refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_call_at_the_edge_keeps_its_code_with_forged_headers_too(bool throws)
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, throws);
        using var client = Mesh.Connect(host.EndPoint("edge"), certificate: null);
        client.DefaultRequestHeaders.Add("Client-Cert", ":AAAA:");

        using var refused = await client.GetAsync(new Uri("/nothing", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        await AssertProblemAsync(refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_handshake_leaves_the_next_valid_one_alone(bool throws)
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        using var stranger = mesh.Intermediate.Issue("spiffe://example.test/stranger");
        await using var host = await StartAsync(mesh, throws);

        Assert.False(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), stranger, Cancelled));
        Assert.True(await Mesh.IsAnsweredAsync(host.EndPoint("mesh"), certificate, Cancelled));
    }

    private static async Task AssertProblemAsync(HttpResponseMessage refused)
    {
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Matches(@"^\w+\.\w+$", problem.GetProperty("code").GetString());
    }

    private static Task<TestHost> StartAsync(Mesh mesh, bool throws)
    {
        var settings = TestHost.MeshListener();
        settings["ZeroTrust:Listeners:mesh:AuditServedCalls"] = "true";
        foreach (var (key, value) in TestHost.EdgeListener())
        {
            settings[key] = value;
        }

        return TestHost.StartAsync(
            settings,
            mesh,
            builder => builder.Logging.AddProvider(new Provider(throws)),
            app =>
            {
                app.MapGet("/orders/{id}", (string id) => id).RequirePeer();
                app.MapGet("/others", () => "no").RequirePeer("spiffe://example.test/other");
            });
    }

    private sealed class Provider(bool throws) : ILoggerProvider, ILogger
    {
        private bool _isOurs;

        public ILogger CreateLogger(string categoryName) =>
            new Provider(throws) { _isOurs = categoryName.StartsWith("ZeroTrust.", StringComparison.Ordinal) };

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Not at Debug, at which the framework logs in the names of our handlers.
            if (throws && _isOurs && logLevel > LogLevel.Debug)
            {
                throw new InvalidOperationException("The disk is full.");
            }
        }

        public void Dispose()
        {
        }
    }
}
