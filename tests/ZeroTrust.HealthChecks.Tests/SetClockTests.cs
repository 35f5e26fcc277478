using System.Diagnostics;
using ZeroTrust.HealthChecks.Tests.Infrastructure;

namespace ZeroTrust.HealthChecks.Tests;

/// <summary>A real process whose clock is set by two hours and back: what its files say is followed all along.</summary>
public sealed class SetClockTests
{
    [Fact]
    public async Task Deny_list_credential_and_edge_certificate_are_followed_while_the_clock_is_set_two_hours_back_and_forth()
    {
        Assert.SkipUnless(FakedClock.IsThere, "libfaketime is not installed.");
        await using var service = new PeerService();
        await EventuallyAsync(service, service.IsReadyAsync, "It is not ready.");
        Assert.True((await service.CallAsync()).IsServed, service.Log);

        foreach (var hours in new[] { 2, 0, -2, 0 })
        {
            service.Clock.Set(TimeSpan.FromHours(hours));
            await EventuallyAsync(service, async () => Math.Abs((await service.TimeAsync() - TimeProvider.System.GetUtcNow()).TotalHours - hours) < 0.1, $"The clock is not {hours} hours ahead.");

            service.Deny(isDenied: true);
            await EventuallyAsync(service, async () => !(await service.CallAsync()).IsServed, $"{hours} h: a denied workload is served.");
            service.Deny(isDenied: false);
            await EventuallyAsync(service, async () => (await service.CallAsync()).IsServed, $"{hours} h: a workload that is no longer denied is refused.");

            var credential = service.RenewCredential();
            await EventuallyAsync(service, async () => (await service.CallAsync()).Shown == credential, $"{hours} h: the renewed certificate is not used.");
            var edge = service.RenewEdge();
            await EventuallyAsync(service, async () => await service.EdgeCertificateAsync() == edge, $"{hours} h: the renewed edge certificate is not used.");
            Assert.True(await service.IsReadyAsync(), $"{hours} h: not ready. {service.Log}");
        }
    }

    [Fact]
    public async Task Keys_of_token_services_and_issuers_are_followed_while_the_clock_is_set_two_hours_back_and_forth()
    {
        Assert.SkipUnless(FakedClock.IsThere, "libfaketime is not installed.");
        await using var tokens = await PeerTokens.StartAsync();
        await using var service = new PeerService(tokens.Settings);
        await EventuallyAsync(service, service.IsReadyAsync, "It is not ready.");

        foreach (var hours in new[] { 0, 2, 0, -2, 0 })
        {
            service.Clock.Set(TimeSpan.FromHours(hours));
            tokens.Ahead = TimeSpan.FromHours(hours);
            await EventuallyAsync(service, async () => Math.Abs((await service.TimeAsync() - TimeProvider.System.GetUtcNow()).TotalHours - hours) < 0.1, $"The clock is not {hours} hours ahead.");
            await EventuallyAsync(service, async () => await service.RedeemAsync(tokens.Root()) == "accepted", $"{hours} h: a root is refused.");
            await EventuallyAsync(service, async () => await service.CallAsUserAsync(tokens.User()) == "accepted", $"{hours} h: a user is refused.");

            var (root, user) = (tokens.Root(), tokens.User());
            tokens.Replace();
            await EventuallyAsync(service, async () => await service.RedeemAsync(tokens.Root()) == "accepted", $"{hours} h: the new key of the token service is not used.");
            await EventuallyAsync(service, async () => await service.CallAsUserAsync(tokens.User()) == "accepted", $"{hours} h: the new key of the issuer is not used.");
            await EventuallyAsync(service, async () => await service.RedeemAsync(root) == "authz.token_service_key_unknown", $"{hours} h: a withdrawn key of the token service is believed.");
            await EventuallyAsync(service, async () => await service.CallAsUserAsync(user) == "oidc.key_unknown", $"{hours} h: a withdrawn key of the issuer is believed.");
            Assert.True(await service.IsReadyAsync(), $"{hours} h: not ready. {service.Log}");
        }
    }

    private static async Task EventuallyAsync(PeerService service, Func<Task<bool>> condition, string otherwise)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"{otherwise} {service.Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }
}
