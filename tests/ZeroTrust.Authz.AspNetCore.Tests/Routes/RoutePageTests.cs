using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>The tenant that the decision over a page compared is the tenant that its handlers get.</summary>
public sealed class RoutePageTests
{
    public static TheoryData<string> SoundNames => Names(typeof(SoundPages));

    public static TheoryData<string> LooseNames => Names(typeof(LoosePages));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(LooseNames))]
    public async Task A_page_that_takes_it_from_elsewhere_stops_the_host(string page)
    {
        var refusal = await RouteHost.RefusedStartAsync(() => StartAsync(typeof(LoosePages), page));
        Assert.Contains("/Notes compares the tenant of route value 'tenant'", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SoundNames))]
    public async Task A_page_gets_the_routes_tenant_whatever_the_form_and_the_query_say(string page)
    {
        await using var host = await StartAsync(typeof(SoundPages), page);
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/acme/notes?tenant=other").With(gateway.Send());
        request.Content = new FormUrlEncodedContent(
            [new("tenant", "other"), new("input.inner.tenant", "other"), new("input.value.tenant", "other")]);
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal("200 acme", $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Stop)}");

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/other/notes").With(gateway.Send());
        foreign.Content = new FormUrlEncodedContent([new("tenant", "acme")]);
        Assert.Equal((403, "authz.tenant_mismatch"), await client.AskAsync(foreign));
    }

    private static Task<MeshHost> StartAsync(Type group, string page) => MeshHost.StartAsync(
        app => app.MapRazorPages().RequireTenant("tenant"),
        builder => builder.Services.AddRazorPages().ConfigureApplicationPartManager(manager =>
        {
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new PagePart(group.GetNestedType(page, BindingFlags.NonPublic)!));
        }));

    private static TheoryData<string> Names(Type group) =>
        [.. group.GetNestedTypes(BindingFlags.NonPublic).Where(type => type.IsAssignableTo(typeof(PageModel))).Select(type => type.Name)];
}
