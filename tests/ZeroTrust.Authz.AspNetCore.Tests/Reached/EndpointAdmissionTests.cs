using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Reached;

public sealed class EndpointAdmissionTests
{
    [Fact]
    public async Task What_else_has_to_hold_is_asked_of_an_endpoint_that_is_reached_past_the_pipeline()
    {
        var runs = 0;
        await using var host = await MeshHost.StartAsync(
            app =>
            {
                app.UseStatusCodePagesWithReExecute("/page");
                app.MapGet("/health", () => Results.NotFound()).AllowPublic("health");
                app.MapGet("/page", () => Interlocked.Increment(ref runs)).AllowPublic("no secret");
            },
            builder => builder.Services.AddSingleton<IEndpointAdmission>(new Closed()));
        using var stranger = host.Client("edge");

        Assert.Equal((503, "test.closed"), await stranger.AskAsync(Requests.Get("/health")));
        Assert.Equal(0, runs);
        Assert.Equal((200, string.Empty), await stranger.AskAsync(Requests.Get("/page")));
    }

    private sealed class Closed : IEndpointAdmission
    {
        public Rejection? Check(HttpContext context, Endpoint endpoint) =>
            endpoint.DisplayName?.Contains("/page", StringComparison.Ordinal) == true
            ? new Rejection("test.closed", "closed", RejectionKind.Unavailable)
            : null;
    }
}
