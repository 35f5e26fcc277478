using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Oidc.Keys;
using ZeroTrust.Testing;

namespace ZeroTrust.Oidc.Tests.Keys;

public sealed class DiscoveredKeySourceTests : IAsyncLifetime
{
    private const string Unavailable = "oidc.issuer_unavailable";
    private const string Refused = "oidc.issuer_metadata_refused";

    private readonly FakeTimeProvider _time = new();
    private OidcHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await OidcHost.StartAsync(_time);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Callers_at_the_start_share_one_fetch()
    {
        _host.Issuer.Hold();
        var callers = Enumerable.Range(0, 50).Select(_ => _host.AskForKeysAsync()).ToArray();
        _host.Issuer.Release();

        Assert.All(await Task.WhenAll(callers), Assert.Null);
        Assert.Equal(1, _host.Issuer.DiscoveryRequests);
        Assert.Equal(1, _host.Issuer.KeySetRequests);
    }

    [Fact]
    public async Task Callers_of_an_issuer_that_is_down_share_one_failure()
    {
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;
        _host.Issuer.Hold();
        var callers = Enumerable.Range(0, 50).Select(_ => _host.AskForKeysAsync()).ToArray();
        _host.Issuer.Release();

        Assert.All(await Task.WhenAll(callers), rejection =>
        {
            Assert.Equal(Unavailable, rejection?.Code);
            Assert.Equal(RejectionKind.Unavailable, rejection?.Kind);
        });
        Assert.Equal(Unavailable, (await _host.AskForKeysAsync())?.Code);
        Assert.Equal(1, _host.Issuer.DiscoveryRequests);
    }

    [Fact]
    public async Task An_issuer_that_is_down_is_asked_at_most_ten_times_in_the_first_minute()
    {
        _host.Issuer.Behavior = ScriptedIssuerBehavior.ServerError;
        for (var elapsed = 0; elapsed < 600; elapsed++)
        {
            Assert.Equal(Unavailable, (await _host.AskForKeysAsync())?.Code);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_host.Issuer.DiscoveryRequests, 5, 10);
    }

    [Fact]
    public async Task An_issuer_that_returns_is_used_after_the_back_off()
    {
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;
        Assert.NotNull(await _host.AskForKeysAsync());

        _host.Issuer.Behavior = ScriptedIssuerBehavior.Healthy;
        Assert.NotNull(await _host.AskForKeysAsync());
        _time.Advance(IssuerKeyRing.MinFetchSpacing);

        Assert.Null(await _host.AskForKeysAsync());
    }

    [Fact]
    public async Task A_slow_issuer_costs_the_fetch_timeout_and_no_more()
    {
        _host.Issuer.Hold();
        var caller = _host.AskForKeysAsync();
        await _host.Issuer.WaitForDiscoveryRequestsAsync(1, TestContext.Current.CancellationToken);
        Assert.False(caller.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(Unavailable, (await caller)?.Code);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_end_the_fetch_of_the_others()
    {
        _host.Issuer.Hold();
        using var leaving = new CancellationTokenSource();
        var left = _host.Keys.GetKeysAsync("main", keyId: null, leaving.Token).AsTask();
        var stayed = _host.AskForKeysAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _host.Issuer.Release();

        Assert.Null(await stayed);
        Assert.Equal(1, _host.Issuer.DiscoveryRequests);
    }

    [Fact]
    public async Task Invented_key_ids_cannot_keep_a_new_key_out()
    {
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));
        var junk = Enumerable.Range(0, 200)
            .Select(i => _host.JudgeAsync(_host.Token(token => token.Header["kid"] = $"junk-{i}"))).ToArray();
        _host.Issuer.RotateKey();
        var valid = _host.JudgeAsync(_host.Token());
        _time.Advance(IssuerKeyRing.MinFetchSpacing);

        Assert.Equal(OidcHost.Accepted, await valid);
        Assert.All(await Task.WhenAll(junk), code => Assert.Equal("oidc.key_unknown", code));
        Assert.Equal(2, _host.Issuer.DiscoveryRequests);
    }

    [Fact]
    public async Task Callers_that_wait_for_a_key_are_limited()
    {
        Assert.Null(await _host.AskForKeysAsync());
        var waiting = Enumerable.Range(0, IssuerKeyRing.MaxWaitingForKey).Select(i => _host.AskForKeysAsync($"junk-{i}")).ToArray();

        Assert.Equal(Unavailable, (await _host.AskForKeysAsync("one too many"))?.Code);
        Assert.Null(await _host.AskForKeysAsync(_host.Issuer.SigningKey.KeyId));

        _time.Advance(IssuerKeyRing.MinFetchSpacing);
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
    }

    [Fact]
    public async Task A_rotation_loses_no_valid_token()
    {
        await using var host = await OidcHost.StartAsync();
        for (var i = 0; i < 60; i++)
        {
            if (i % 20 == 10)
            {
                host.Issuer.RotateKey();
            }

            Assert.Equal(OidcHost.Accepted, await host.JudgeAsync(host.Token()));
        }

        Assert.InRange(host.Issuer.DiscoveryRequests, 4, 5);
    }

    [Fact]
    public async Task A_new_key_cannot_be_judged_while_the_issuer_is_down()
    {
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(_host.Token()));
        var known = _host.Token();
        _host.Issuer.RotateKey();
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;
        _time.Advance(IssuerKeyRing.MinFetchSpacing);

        Assert.Equal(Unavailable, await _host.JudgeAsync(_host.Token()));
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(known));
    }

    [Fact]
    public async Task The_last_good_keys_serve_an_outage_for_their_greatest_age()
    {
        Assert.Null(await _host.AskForKeysAsync());
        _host.Issuer.Behavior = ScriptedIssuerBehavior.Down;

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _host.AskForKeysAsync());

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Unavailable, (await _host.AskForKeysAsync())?.Code);
    }

    [Fact]
    public async Task A_withdrawn_key_ends_with_the_refresh_though_nobody_asks()
    {
        var old = _host.Token(token => token.Claims["exp"] = _time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(old));
        using var refresher = _host.Services.GetServices<IHostedService>().OfType<IssuerKeyRefresher>().Single();
        await refresher.StartAsync(TestContext.Current.CancellationToken);
        _host.Issuer.RotateKey(keepPublished: false);
        Assert.Equal(OidcHost.Accepted, await _host.JudgeAsync(old));

        var replaced = new TaskCompletionSource();
        using var listening = _host.Keys.GetReloadToken("main").RegisterChangeCallback(_ => replaced.TrySetResult(), state: null);
        await PassTimeUntilAsync(replaced.Task, TimeSpan.FromMinutes(5));

        // The issuer answers, and still has not the key: refused as unknown, once a fetch has had the time to say so.
        var judged = _host.JudgeAsync(old);
        await PassTimeUntilAsync(judged, TimeSpan.FromMilliseconds(500));
        Assert.Equal("oidc.key_unknown", await judged);
        await refresher.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(ScriptedIssuerBehavior.Healthy, null)]
    [InlineData(ScriptedIssuerBehavior.Down, Unavailable)]
    [InlineData(ScriptedIssuerBehavior.ServerError, Unavailable)]
    [InlineData(ScriptedIssuerBehavior.Redirecting, Unavailable)]
    [InlineData(ScriptedIssuerBehavior.Oversized, Unavailable)]
    [InlineData(ScriptedIssuerBehavior.Garbage, Refused)]
    public async Task Each_fault_of_the_issuer_is_an_outage(ScriptedIssuerBehavior behavior, string? expected)
    {
        _host.Issuer.Behavior = behavior;

        var rejection = await _host.AskForKeysAsync();

        Assert.Equal(expected, rejection?.Code);
        Assert.Equal(expected is null ? null : RejectionKind.Unavailable, rejection?.Kind);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("/", null)]
    [InlineData("//", Refused)]
    [InlineData("/other", Refused)]
    [InlineData("?", Refused)]
    public async Task The_document_names_the_authority_up_to_one_slash(string suffix, string? expected)
    {
        _host.Issuer.DocumentIssuer = _host.Issuer.Authority + suffix;

        Assert.Equal(expected, (await _host.AskForKeysAsync())?.Code);
    }

    [Fact]
    public async Task A_document_that_names_another_issuer_is_refused()
    {
        _host.Issuer.DocumentIssuer = "https://issuer.example";

        Assert.Equal(Refused, (await _host.AskForKeysAsync())?.Code);
        Assert.Equal(0, _host.Issuer.KeySetRequests);
    }

    [Fact]
    public async Task A_key_set_elsewhere_is_refused_and_not_fetched()
    {
        await using var elsewhere = await ScriptedIssuer.StartAsync(_time, TestContext.Current.CancellationToken);
        string[] foreign =
        [
            elsewhere.Authority + "/jwks",
            _host.Issuer.Authority.Replace("https:", "http:", StringComparison.Ordinal) + "/jwks",
            _host.Issuer.Authority.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/jwks",
            _host.Issuer.Authority.Replace("https://", "https://user@", StringComparison.Ordinal) + "/jwks",
            "/jwks",
            "file:///etc/passwd",
            "",
        ];
        foreach (var uri in foreign)
        {
            _host.Issuer.DocumentKeySetUri = uri;
            Assert.Equal(Refused, (await _host.AskForKeysAsync())?.Code);
            _time.Advance(IssuerKeyRing.MaxBackOff);
        }

        Assert.Equal(foreign.Length, _host.Issuer.DiscoveryRequests);
        Assert.Equal(0, _host.Issuer.KeySetRequests + elsewhere.KeySetRequests);

        _host.Issuer.DocumentKeySetUri = _host.Issuer.Authority + "/jwks?v=2";
        Assert.Null(await _host.AskForKeysAsync());
    }

    [Theory]
    [InlineData("""{"issuer":"AUTHORITY","issuer":"AUTHORITY","jwks_uri":"AUTHORITY/jwks"}""", Refused)]
    [InlineData("""{"issuer":"AUTHORITY"}""", Refused)]
    [InlineData("""{"jwks_uri":"AUTHORITY/jwks"}""", Refused)]
    [InlineData("""{"issuer":["AUTHORITY"],"jwks_uri":"AUTHORITY/jwks"}""", Refused)]
    [InlineData("""["AUTHORITY"]""", Refused)]
    [InlineData("""{"issuer":"AUTHORITY","jwks_uri":"AUTHORITY/jwks"}""", null)]
    public async Task The_document_is_read_strictly(string document, string? expected)
    {
        _host.Issuer.RawDocument = document.Replace("AUTHORITY", _host.Issuer.Authority, StringComparison.Ordinal);

        Assert.Equal(expected, (await _host.AskForKeysAsync())?.Code);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}""")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""[]""")]
    public async Task A_key_set_without_a_usable_key_is_refused(string keySet)
    {
        _host.Issuer.RawKeySet = keySet;

        Assert.Equal(Refused, (await _host.AskForKeysAsync())?.Code);
    }

    [Fact]
    public async Task Only_the_anchors_of_the_issuer_are_trusted()
    {
        await using var other = await ScriptedIssuer.StartAsync(_time, TestContext.Current.CancellationToken);
        using var anchor = new TemporaryFile(other.AnchorPem);
        await using var host = await OidcHost.StartAsync(_time, issuer => issuer.TrustAnchorFile = anchor.Path);
        await using var platform = await OidcHost.StartAsync(_time, issuer => issuer.TrustAnchorFile = null);

        Assert.Equal(Unavailable, (await host.AskForKeysAsync())?.Code);
        Assert.Equal(Unavailable, (await platform.AskForKeysAsync())?.Code);
        Assert.Equal(0, host.Issuer.DiscoveryRequests + platform.Issuer.DiscoveryRequests);
        Assert.Null(await _host.AskForKeysAsync());
    }

    [Fact]
    public async Task An_issuer_that_is_not_configured_is_a_programmers_fault() =>
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await _host.Keys.GetKeysAsync("other", keyId: null, TestContext.Current.CancellationToken));

    private async Task PassTimeUntilAsync(Task done, TimeSpan step)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!done.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "It did not happen in time.");
            _time.Advance(step);
            await Task.WhenAny(done, Task.Delay(50, TestContext.Current.CancellationToken));
        }
    }
}
