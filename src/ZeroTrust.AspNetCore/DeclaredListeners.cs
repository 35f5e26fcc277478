using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ZeroTrust.AspNetCore.Listeners;
using ZeroTrust.Mtls;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore;

/// <summary>The listeners of <c>ZeroTrust:Listeners</c>, read and proved complete, and the handshakes they begin.</summary>
public sealed class DeclaredListeners
{
    private readonly IServiceProvider _services;
    private readonly Lazy<ListenerPlan[]> _plans;

    internal DeclaredListeners(
        IServiceProvider services, IOptions<ListenersOptions> options, IEnumerable<Weakening> weakenings, TimeProvider time, ListenerDangers? dangers)
    {
        _services = services;
        var files = FileRules.Of(weakenings.Select(weakening => weakening.Name));
        _plans = new(() =>
        [
            .. options.Value.Listeners
                .Select(entry => ListenerPlan.Read(entry.Key, entry.Value, static _ => { }, files, dangers, time))
                .OfType<ListenerPlan>(),
        ]);
    }

    /// <summary>The role of each listener, by its name.</summary>
    /// <exception cref="OptionsValidationException">The settings are not valid; a host does not start with them.</exception>
    public IReadOnlyDictionary<string, ListenerRole> Roles =>
        Plans.ToDictionary(static plan => plan.Name, static plan => plan.Role, StringComparer.OrdinalIgnoreCase);

    internal IReadOnlyList<ListenerPlan> Plans => _plans.Value;

    /// <summary>Begins the server's side of one handshake as the listener does, with its peers, and without a memory of sessions.</summary>
    /// <param name="listener">The listener's name in the configuration.</param>
    /// <returns>The state of this one handshake; make a new one for each connection.</returns>
    /// <exception cref="ArgumentException">No such listener is declared, or it verifies no peers.</exception>
    /// <exception cref="OptionsValidationException">The settings are not valid; a host does not start with them.</exception>
    public PeerServerHandshake AcceptClient(string listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Plans.FirstOrDefault(plan => plan.Name.Equals(listener, StringComparison.OrdinalIgnoreCase)) is { Peers: not null } plan
            ? plan.AcceptClient(_services.GetRequiredService<PeerTls>(), resumption: null, refused: null)
            : throw new ArgumentException($"{ListenersOptions.SectionName}:{listener}: no listener that verifies peers.", nameof(listener));
    }
}
