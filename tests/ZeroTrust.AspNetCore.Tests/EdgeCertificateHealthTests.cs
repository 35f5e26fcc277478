using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.AspNetCore.Diagnostics;
using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What readiness is told of an edge certificate before, in and after its life: the same as of the workload's own.</summary>
public sealed class EdgeCertificateHealthTests : IDisposable
{
    private readonly EdgeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_certificate_outside_of_its_life_is_not_ready_and_near_its_end_degraded()
    {
        var options = new ListenerOptions
        {
            Url = "https://127.0.0.1:0",
            Role = ListenerRole.Edge,
            CertificateFile = _files.Settings["ZeroTrust:Listeners:edge:CertificateFile"]!,
            KeyFile = _files.KeyFile,
        };
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var certificate = new EdgeCertificate(
            ListenerPlan.Read("edge", options, fault => Assert.Fail(fault))!,
            NullLogger.Instance,
            TimeProvider.System,
            new AspNetCoreMetrics(provider.GetRequiredService<IMeterFactory>()));
        var (begin, end) = (certificate.GetCredential().NotBefore, certificate.GetCredential().NotAfter);
        var lastTenth = end - ((end - begin) * 0.1);

        Assert.Equal((DependencyState.Ready, null), certificate.Health(begin));
        Assert.Equal((DependencyState.Ready, null), certificate.Health(begin.AddSeconds(-5)));
        Assert.Equal((DependencyState.Ready, null), certificate.Health(lastTenth.AddSeconds(-1)));
        Assert.Equal(
            (DependencyState.Degraded, $"The certificate of listener edge ends at {end:u} and was not renewed."), certificate.Health(lastTenth.AddSeconds(1)));
        Assert.Equal(DependencyState.Degraded, certificate.Health(end).State);
        Assert.Equal(
            (DependencyState.NotReady, $"The certificate of listener edge is not yet valid, it begins at {begin:u}: is the clock of this host right?"),
            certificate.Health(begin.AddSeconds(-6)));
        Assert.Equal((DependencyState.NotReady, $"The certificate of listener edge ended at {end:u}."), certificate.Health(end.AddTicks(1)));
    }
}
