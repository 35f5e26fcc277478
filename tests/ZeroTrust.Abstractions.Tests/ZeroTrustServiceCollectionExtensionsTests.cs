using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Tests;

public sealed class ZeroTrustServiceCollectionExtensionsTests
{
    [Fact]
    public void Adding_twice_registers_once()
    {
        var services = new ServiceCollection();

        var builder = services.AddZeroTrust();
        services.AddZeroTrust();

        Assert.Same(services, builder.Services);
        Assert.Single(services);
    }

    [Fact]
    public void Clock_of_the_host_is_kept()
    {
        var services = new ServiceCollection();
        var clock = new FixedClock();
        services.AddSingleton<TimeProvider>(clock);

        services.AddZeroTrust();

        Assert.Same(clock, Assert.Single(services).ImplementationInstance);
    }

    private sealed class FixedClock : TimeProvider;
}
