using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ZeroTrust.Authz.AspNetCore.Internal;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>An answer ends with its context, whatever its handler does.</summary>
public sealed class ContextDeadlineTests : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MeshHost _host = null!;
    private MeshPeer _gateway = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await MeshHost.StartAsync(app =>
        {
            app.MapGet("/events", StreamAsync).RequireContext();
            app.MapGet("/public-events", StreamAsync).AllowPublic("streams to everybody");
        });
        _gateway = _host.Peer(MeshHost.Gateway);
        _client = _gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_answer_that_outlasts_its_context_is_cut_and_told(string version)
    {
        using var response = await OpenAsync("/events", version, _gateway.Send());

        _host.Clock.Advance(Lifetime + ContextDeadline.Grace);

        var cut = await Assert.ThrowsAnyAsync<Exception>(() => RestAsync(response));
        Assert.True(cut is HttpRequestException or IOException, cut.ToString());
        _release.TrySetResult();
        await Eventually.TrueAsync(() => _host.Logs.GetSnapshot().Any(record =>
            record.Id.Name == "CallRefused" && record.Message.Contains("authz.expired", StringComparison.Ordinal)), "Nobody was told.");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_answer_within_the_lifetime_of_its_context_is_whole(string version)
    {
        using var response = await OpenAsync("/events", version, _gateway.Send());

        _host.Clock.Advance(Lifetime + ContextDeadline.Grace - TimeSpan.FromSeconds(1));
        _release.TrySetResult();

        Assert.Equal("first last", await RestAsync(response));
    }

    [Fact]
    public async Task An_answer_without_a_context_has_no_end()
    {
        using var response = await OpenAsync("/public-events", "2.0");

        _host.Clock.Advance(Lifetime + ContextDeadline.Grace);
        _release.TrySetResult();

        Assert.Equal("first last", await RestAsync(response));
    }

    private static Task<string> RestAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> OpenAsync(string path, string version, TxnHeaders? headers = null)
    {
        using var request = Requests.Get(path, headers);
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return response;
    }

    // Deaf to its own cancellation, as much code is.
    private async Task StreamAsync(HttpContext http)
    {
        await http.Response.WriteAsync("first ", CancellationToken.None);
        await http.Response.Body.FlushAsync(CancellationToken.None);
        await _release.Task;
        await http.Response.WriteAsync("last", CancellationToken.None);
    }
}
