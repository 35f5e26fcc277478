using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.Testing;

/// <summary>Stops a host that test peers were left in: a header would choose the identity of every caller.</summary>
internal static class TestHostGuard
{
    private const string TestServer = "Microsoft.AspNetCore.TestHost.TestServer"; // by name: the package that holds it is the test's to choose
    private const string Testing = "Testing";

    public static void Require(IServiceProvider services)
    {
        var server = services.GetRequiredService<IServer>().GetType().FullName;
        if (server != TestServer)
        {
            throw new InvalidOperationException(
                $"UseTestPeer lets a caller choose its identity without a handshake, so it runs on TestServer alone; this host runs on {server}. Remove it from the service.");
        }

        var environment = services.GetRequiredService<IHostEnvironment>();
        if (!environment.IsDevelopment() && !environment.IsEnvironment(Testing))
        {
            throw new InvalidOperationException(
                $"UseTestPeer runs in the environments Development and Testing alone; this one is '{environment.EnvironmentName}'. Name the test's so, or remove it from the service.");
        }
    }
}
