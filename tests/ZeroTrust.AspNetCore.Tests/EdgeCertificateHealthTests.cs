using Microsoft.Extensions.Logging.Abstractions;
using ZeroTrust.AspNetCore.Listeners;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>What readiness is told of an edge certificate before, in and after its life.</summary>
public sealed class EdgeCertificateHealthTests : IDisposable
{
    private readonly EdgeFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_certificate_outside_of_its_life_is_degraded_and_says_on_which_side()
    {
        var options = new ListenerOptions
        {
            Url = "https://127.0.0.1:0",
            Role = ListenerRole.Edge,
            CertificateFile = _files.Settings["ZeroTrust:Listeners:edge:CertificateFile"]!,
            KeyFile = _files.KeyFile,
        };
        var certificate = new EdgeCertificate(ListenerPlan.Read("edge", options, fault => Assert.Fail(fault))!, NullLogger.Instance);
        var (begin, end) = (certificate.GetCredential().NotBefore, certificate.GetCredential().NotAfter);

        Assert.Equal((DependencyState.Ready, null), certificate.Health(begin));
        Assert.Equal((DependencyState.Ready, null), certificate.Health(end));
        Assert.Equal(
            (DependencyState.Degraded, $"The certificate of listener edge is not yet valid, it begins at {begin:u}."), certificate.Health(begin.AddTicks(-1)));
        Assert.Equal((DependencyState.Degraded, $"The certificate of listener edge ended at {end:u}."), certificate.Health(end.AddTicks(1)));
    }
}
