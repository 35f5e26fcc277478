using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZeroTrust.Mtls;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>Begins to watch trust before the first connection is accepted.</summary>
internal sealed class ConnectionSweep(IServiceProvider services, IServiceProviderIsService known) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (known.IsService(typeof(PeerVerifier)))
        {
            services.GetRequiredService<LiveConnections>();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
