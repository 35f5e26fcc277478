using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Keys;

/// <summary>Finds each issuer's keys by OpenID Connect discovery.</summary>
internal sealed class DiscoveredKeySource : IIssuerKeySource, IDisposable
{
    private readonly FrozenDictionary<string, IssuerKeyRing> _rings;
    private readonly List<HttpClient> _clients = [];
    private readonly TimeProvider _timeProvider;

    public DiscoveredKeySource(
        OidcIssuers issuers,
        TimeProvider timeProvider,
        OidcMetrics metrics,
        ILogger<DiscoveredKeySource> logger,
        IEnumerable<Weakening> weakenings)
    {
        var owners = FileOwnership.OwnersOf(weakenings.Select(static weakening => weakening.Name));
        _timeProvider = timeProvider;
        _rings = issuers.All.ToFrozenDictionary(
            issuer => issuer.Name,
            issuer =>
            {
                var client = IssuerBackchannel.Create(issuer, owners);
                _clients.Add(client);
                return new IssuerKeyRing(issuer, new IssuerFetcher(issuer, client, timeProvider).FetchAsync, timeProvider, metrics, logger);
            },
            StringComparer.Ordinal);
    }

    public ValueTask<Verdict<IssuerKeys>> GetKeysAsync(string issuer, string? keyId, CancellationToken cancellationToken) =>
        Ring(issuer).GetAsync(keyId, cancellationToken);

    public IChangeToken GetReloadToken(string issuer) => Ring(issuer).GetReloadToken();

    /// <summary>Tells how every issuer's keys are.</summary>
    public void Report(IssuerHealth health)
    {
        foreach (var (issuer, ring) in _rings)
        {
            health.Report(issuer, ring, isHeartbeat: false);
        }
    }

    /// <summary>Refreshes every issuer's keys until cancelled, whether or not anybody asks for them, and tells how they are.</summary>
    public Task KeepFreshAsync(IssuerHealth health, WatchEvents events, CancellationToken cancellationToken) =>
        Task.WhenAll(_rings.Select(issuer => KeepFreshAsync(issuer.Key, issuer.Value, health, events, cancellationToken)));

    public void Dispose()
    {
        foreach (var ring in _rings.Values)
        {
            ring.Dispose();
        }

        _clients.ForEach(client => client.Dispose());
    }

    private async Task KeepFreshAsync(string issuer, IssuerKeyRing ring, IssuerHealth health, WatchEvents events, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var delay = IssuerKeyRing.MaxBackOff;
            try
            {
                delay = await ring.RefreshAsync(cancellationToken).ConfigureAwait(false);
                health.Report(issuer, ring, isHeartbeat: true);
            }
            catch (Exception exception)
            {
                // A host that failed to start disposes its services without stopping them: also then this is the end of the work, not its
                // failure.
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                events.LookFailed($"keys of issuer {issuer}", exception);
            }

            await Task.Delay(delay, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IssuerKeyRing Ring(string issuer) =>
        _rings.GetValueOrDefault(issuer) ?? throw new ArgumentException("Not a configured issuer.", nameof(issuer));
}
