using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>A form as a browser holds it: the token of the page and the cookie beside it.</summary>
internal sealed record AntiforgeryForm(string Token, string Cookie)
{
    public static async Task<AntiforgeryForm> GetAsync(TwoTenants tenants, string caller)
    {
        using var page = await tenants.SendAsync(caller, Requests.Get("/form"));
        page.EnsureSuccessStatusCode();
        return new(
            await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            Assert.Single(page.Headers.GetValues("Set-Cookie")).Split(';')[0]);
    }

    public Task<string> PostAsync(TwoTenants tenants, string? caller)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/form")
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = "x", ["__RequestVerificationToken"] = Token }),
        };
        return tenants.AskAsync(caller, request.With("Cookie", Cookie));
    }
}
