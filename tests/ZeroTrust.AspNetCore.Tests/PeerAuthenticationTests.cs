using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class PeerAuthenticationTests
{
    [Fact]
    public async Task The_principal_names_the_workload_and_never_the_subject_of_its_certificate()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, TestHost.MeshListener());
        using var certificate = mesh.Authority.Issue(options =>
        {
            options.CommonName = "administrator";
            options.SpiffeId = Mesh.Client;
            options.DnsNames.Add("gateway.example");
        });
        using var client = Mesh.Connect(host.EndPoint("mesh"), certificate);
        var claims = await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Contains($"name={Mesh.Client};", claims, StringComparison.Ordinal);
        Assert.Contains($"{PeerAuthenticationDefaults.WorkloadClaimType}={Mesh.Client};", claims, StringComparison.Ordinal);
        Assert.Contains($"{ClaimTypes.Dns}=gateway.example;", claims, StringComparison.Ordinal);
        Assert.DoesNotContain("administrator", claims, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_peer_there_is_no_principal_and_a_challenge_is_a_refusal()
    {
        using var mesh = new Mesh();
        await using var host = await StartAsync(mesh, TestHost.EdgeListener());
        using var client = Mesh.Connect(host.EndPoint("edge"), certificate: null);
        Assert.Equal("nobody", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));

        using var challenged = await client.GetAsync(new Uri("/challenge", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, challenged.StatusCode);
        Assert.Contains(
            "aspnetcore.peer_required", await challenged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var forbidden = await client.GetAsync(new Uri("/forbid", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Contains(
            "aspnetcore.forbidden", await forbidden.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Mesh mesh, Dictionary<string, string?> settings) => TestHost.StartAsync(
        settings,
        mesh,
        build: builder => builder.Services.AddZeroTrust().AddPeerAuthentication().AddPeerAuthentication(),
        use: app =>
        {
            app.MapGet("/", async (HttpContext context) =>
            {
                var result = await context.AuthenticateAsync(PeerAuthenticationDefaults.Scheme);
                return result.Principal is { } user
                    ? $"name={user.Identity?.Name};" + string.Concat(user.Claims.Select(claim => $"{claim.Type}={claim.Value};"))
                    : "nobody";
            }).AllowPublic("test");
            app.MapGet("/challenge", () => Results.Challenge(authenticationSchemes: [PeerAuthenticationDefaults.Scheme])).AllowPublic("test");
            app.MapGet("/forbid", () => Results.Forbid(authenticationSchemes: [PeerAuthenticationDefaults.Scheme])).AllowPublic("test");
        });
}
