namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

/// <summary>Every feature of the framework that reads the user, headers or the endpoint, driven by two tenants over the mesh.</summary>
public sealed class FrameworkFeatureTests
{
    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var feature in All())
            {
                rows.Add(feature.Name, feature.Expected);
            }

            return rows;
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Rows))]
    public async Task Each_tenant_gets_its_own(string name, string expected)
    {
        var feature = Assert.Single(All(), item => item.Name == name);
        Assert.Equal(feature.Expected, expected);
        await using var tenants = await feature.StartAsync();

        Assert.Equal((feature.Acme, feature.Globex), await feature.Ask(tenants).WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_request_on_the_connection_of_another_is_refused_with_its_code()
    {
        await using var tenants = await Assert.Single(SignalRFeatures.All(), item => item.Name == "SignalR, WebSockets").StartAsync();
        var connection = await HubConnection.NegotiateAsync(tenants, "acme");
        await connection.PollAsync("acme");

        using var response = await tenants.SendAsync(
            "globex", new HttpRequestMessage(HttpMethod.Post, connection.Path) { Content = new StringContent("x") });

        Assert.Contains(
            "authz.connection_mismatch",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/answer?q=%1E", null, "authz.cache_key_malformed")]
    [InlineData("/answer?q=a%1fb", null, "authz.cache_key_malformed")]
    [InlineData("/answer?%1E=1", null, "authz.cache_key_malformed")]
    [InlineData("/answer", "a\u001eb", "authz.cache_key_malformed")]
    [InlineData("/answer?q=%20%0A", "a b", "acme 1")]
    public async Task A_request_that_the_output_cache_makes_no_key_of_is_refused_before_it_waits_for_another(
        string path, string? accept, string answer)
    {
        await using var tenants = await Assert.Single(
            OutputCacheFeatures.All(), item => item.Name == "output cache, policy for authenticated users").StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Kind", accept);
        }

        using var response = await tenants.SendAsync("acme", request);

        Assert.Contains(answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static IEnumerable<FrameworkFeature> All() =>
        [
            .. OutputCacheFeatures.All(), .. ResponseCacheFeatures.All(), .. UserFeatures.All(), .. RequestFeatures.All(),
            .. SignalRFeatures.All(),
        ];
}
