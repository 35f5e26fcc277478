using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>Where a listener asks for it, each served call is one event; a refused one is not.</summary>
public sealed class ServedCallAuditTests
{
    [Fact]
    public async Task A_served_call_is_one_event_with_its_route_and_not_its_path()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, audit: true);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        Assert.Equal("secret-order", await client.GetStringAsync(new Uri("/orders/secret-order?token=1", UriKind.Relative), TestContext.Current.CancellationToken));

        var served = await host.WaitForEventAsync("CallServed");
        Assert.Equal(LogLevel.Information, served.Level);
        Assert.Equal(4541, served.Id.Id);
        Assert.Equal("GET", served.GetStructuredStateValue("http.request.method"));
        Assert.Equal("/orders/{id}", served.GetStructuredStateValue("http.route"));
        Assert.Equal("mesh", served.GetStructuredStateValue("zerotrust.listener"));
        Assert.Equal(Mesh.Client, served.GetStructuredStateValue("zerotrust.workload"));
        Assert.Equal("200", served.GetStructuredStateValue("http.response.status_code"));
        Assert.Equal("any admitted peer", served.GetStructuredStateValue("zerotrust.decision"));
        Assert.Equal("none", served.GetStructuredStateValue("zerotrust.tenant"));
        Assert.Equal("none", served.GetStructuredStateValue("enduser.id"));
        Assert.DoesNotContain("secret-order", served.Message, StringComparison.Ordinal);
        Assert.Contains(Mesh.Client, served.Message, StringComparison.Ordinal);
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CallServed");
    }

    [Fact]
    public async Task Without_the_option_nothing_is_written_of_a_served_call()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, audit: false);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), TestContext.Current.CancellationToken);
        using var refused = await client.GetAsync(new Uri("/nothing", UriKind.Relative), TestContext.Current.CancellationToken);

        await host.WaitForEventAsync("CallRefused");
        Assert.False(host.Logged("CallServed"));
    }

    [Theory]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/others", HttpStatusCode.Forbidden)]
    [InlineData("/refuses", HttpStatusCode.Forbidden)]
    [InlineData("/throws-refusal", HttpStatusCode.Forbidden)]
    public async Task A_refused_call_is_told_as_refused_alone(string path, HttpStatusCode status)
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, audit: true);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        using var refused = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(status, refused.StatusCode);
        await host.WaitForEventAsync("CallRefused");
        await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative), TestContext.Current.CancellationToken);

        await host.WaitForEventAsync("CallServed");
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CallServed");
        Assert.Single(host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused");
    }

    [Fact]
    public async Task A_handler_that_fails_was_served_and_its_status_is_told()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, audit: true);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);

        using var failed = await client.GetAsync(new Uri("/fails", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("500", (await host.WaitForEventAsync("CallServed")).GetStructuredStateValue("http.response.status_code"));
    }

    [Fact]
    public async Task A_method_of_the_callers_making_is_not_written()
    {
        using var mesh = new Mesh();
        using var certificate = mesh.Intermediate.Issue(Mesh.Client);
        await using var host = await StartAsync(mesh, audit: true);
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);
        using var request = new HttpRequestMessage(new HttpMethod("FORGED|root"), "/any");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var served = await host.WaitForEventAsync("CallServed");
        Assert.Equal("_OTHER", served.GetStructuredStateValue("http.request.method"));
        Assert.DoesNotContain("FORGED", served.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_no_choice_stops_the_host()
    {
        using var mesh = new Mesh();
        var exception = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(mesh, "often"));

        Assert.Contains("ZeroTrust:Listeners:mesh:AuditServedCalls: 'often' is not true or false", exception.Message, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Mesh mesh, bool audit) => StartAsync(mesh, audit ? "true" : null);

    private static Task<TestHost> StartAsync(Mesh mesh, string? audit)
    {
        var settings = TestHost.MeshListener();
        if (audit is not null)
        {
            settings["ZeroTrust:Listeners:mesh:AuditServedCalls"] = audit;
        }

        var forbidden = new Rejection("test.forbidden", "Not this one.", RejectionKind.Forbidden);
        return TestHost.StartAsync(settings, mesh, use: app =>
        {
            app.MapGet("/orders/{id}", (string id) => id).RequirePeer();
            app.MapGet("/others", () => "ok").RequirePeer("spiffe://example.test/billing");
            app.MapGet("/refuses", () => Rejections.ToResult(forbidden)).RequirePeer();
            app.MapGet("/throws-refusal", (HttpContext _) => throw new RejectionException(forbidden)).RequirePeer();
            app.MapGet("/fails", (HttpContext _) => throw new InvalidOperationException("A defect.")).RequirePeer();
            app.Map("/any", () => "ok").RequirePeer();
        });
    }
}
