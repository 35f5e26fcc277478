using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Stops the host when anything but the declared listeners would be, or was, bound.</summary>
internal sealed class BoundAddressCheck(IServer server, BoundListeners bound) : IHostedLifecycleService
{
    /// <summary>Before the server starts it holds only addresses that code asked for, such as <c>app.Urls</c>.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => CheckAsync(Addresses());

    /// <summary>After it: whatever code made Kestrel listen on. No connection there carries our mark, so none was served.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => CheckAsync(Addresses().Where(address => !bound.IsDeclared(address)));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task CheckAsync(IEnumerable<string> foreign)
    {
        var addresses = string.Join(", ", foreign.Select(AddressText.WithoutUser));
        return addresses.Length == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException($"{ListenersOptions.SectionName} declares what is bound, and {addresses} is not declared.");
    }

    private IEnumerable<string> Addresses() => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
}
