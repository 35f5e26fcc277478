using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Keys;

/// <summary>One issuer's keys over time: one fetch at a time, spaced whatever is asked, the last good kept within bounds.</summary>
/// <remarks>Every delay and every age is elapsed time, which setting the clock does not move.</remarks>
internal sealed class IssuerKeyRing : IDisposable
{
    // Spacing is by time alone, so tokens with invented key ids have no budget to spend: they cause at most one fetch a
    // second, and a key the issuer really published is met by the next of those.
    internal static readonly TimeSpan MinFetchSpacing = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(15);
    internal static readonly TimeSpan MaxWaitForKey = TimeSpan.FromSeconds(3);
    internal const int MaxWaitingForKey = 256;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    // A quarter, so that replicas do not call in step.
    private const double JitterPart = 0.25;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly OidcIssuer _issuer;
    private readonly Func<CancellationToken, Task<Verdict<IssuerKeys>>> _fetch;
    private readonly TimeProvider _timeProvider;
    private readonly OidcMetrics _metrics;
    private readonly BoundedLogger _logger;
    private readonly Reloadable<HeldKeys?> _held;
    private Rejection? _lastFailure;
    private Task<Verdict<IssuerKeys>>? _inFlight;
    private long _inFlightSince;
    private long? _nextFetch;
    private long _attempted;
    private int _failures;
    private int _waitingForKey;

    public IssuerKeyRing(
        OidcIssuer issuer,
        Func<CancellationToken, Task<Verdict<IssuerKeys>>> fetch,
        TimeProvider timeProvider,
        OidcMetrics metrics,
        ILogger logger)
    {
        _issuer = issuer;
        _fetch = fetch;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _logger = new BoundedLogger(logger);
        _held = new Reloadable<HeldKeys?>(null, $"keys of issuer {issuer.Name}", OidcEvents.To(logger));
        _attempted = timeProvider.GetTimestamp();
    }

    public IChangeToken GetReloadToken() => _held.Token;

    /// <summary>Whether tokens of the issuer can be verified now, and what an operator should know about it.</summary>
    public (DependencyState State, string? Reason) Health
    {
        get
        {
            lock (_gate)
            {
                return (Usable(), _lastFailure) switch
                {
                    (null, null) => (DependencyState.Unknown, null),
                    (null, { } failure) => (DependencyState.NotReady, failure.Code),
                    (_, { } failure) => (DependencyState.Degraded, failure.Code),
                    _ when IsLate => (DependencyState.Degraded, "The keys are refreshed late."),
                    _ => (DependencyState.Ready, null),
                };
            }
        }
    }

    // Twice what a refresh may take: something keeps the refresher from its work. The age of the keys ends their use all the same.
    private bool IsLate => _timeProvider.GetElapsedTime(_attempted) > (_issuer.KeyRefreshInterval + _issuer.FetchTimeout) * 2;

    public ValueTask<Verdict<IssuerKeys>> GetAsync(string? keyId, CancellationToken cancellationToken)
    {
        var keys = Usable();
        if (keys is not null && (keyId is null || keys.Contains(keyId)))
        {
            return ValueTask.FromResult<Verdict<IssuerKeys>>(keys);
        }

        return new ValueTask<Verdict<IssuerKeys>>(
            keys is null ? FirstAsync(cancellationToken) : LearnInTimeAsync(keyId!, cancellationToken));
    }

    /// <summary>Fetches now unless a fetch is under way or too soon, and says how long to leave it before the next.</summary>
    public async Task<TimeSpan> RefreshAsync(CancellationToken cancellationToken)
    {
        if (JoinOrStartAsync(out _) is { } fetch)
        {
            await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        lock (_gate)
        {
            return _failures > 0 ? UntilNextFetch() : Jitter.Shorten(_issuer.KeyRefreshInterval, JitterPart);
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    // Under the gate. Never nothing, so that who waits cannot spin.
    private TimeSpan UntilNextFetch()
    {
        var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), _nextFetch ?? 0);
        return wait > ShortestWait ? wait : ShortestWait;
    }

    private long After(TimeSpan delay) => _timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency);

    private IssuerKeys? Usable()
    {
        var held = _held.Value;
        return held is not null && _timeProvider.GetElapsedTime(held.Since) <= _issuer.MaxKeyAge ? held.Keys : null;
    }

    private async Task<Verdict<IssuerKeys>> FirstAsync(CancellationToken cancellationToken)
    {
        if (JoinOrStartAsync(out _) is { } fetch)
        {
            return await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Between attempts the answer is immediate: waiting callers would only pile up.
        lock (_gate)
        {
            return _held.Value is { } held && _failures == 0
                ? held.Keys
                : _lastFailure ?? OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, "No keys are held.");
        }
    }

    private async Task<Verdict<IssuerKeys>> LearnInTimeAsync(string keyId, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waitingForKey) > MaxWaitingForKey)
            {
                return OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, "Too many calls wait for keys that are not known yet.");
            }

            using var deadline = new CancellationTokenSource(MaxWaitForKey, _timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                return await LearnAsync(keyId, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, "The issuer did not say in time whether it has the key.");
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waitingForKey);
        }
    }

    private async Task<Verdict<IssuerKeys>> LearnAsync(string keyId, CancellationToken cancellationToken)
    {
        var asked = _timeProvider.GetTimestamp();
        while (true)
        {
            if (JoinOrStartAsync(out var since) is { } fetch)
            {
                // A fetch that began before we asked may have been answered before the key was published.
                var verdict = await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!verdict.IsAccepted || verdict.Value.Contains(keyId) || since >= asked)
                {
                    return verdict;
                }
            }

            TimeSpan wait;
            lock (_gate)
            {
                if (_failures > 0)
                {
                    // Whether the key exists cannot be known now: an outage, not a bad token.
                    return _lastFailure!;
                }

                var held = _held.Value!;
                if (held.Keys.Contains(keyId) || held.Since > asked)
                {
                    return held.Keys;
                }

                wait = UntilNextFetch();
            }

            await Task.Delay(wait, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<Verdict<IssuerKeys>>? JoinOrStartAsync(out long since)
    {
        lock (_gate)
        {
            var now = _timeProvider.GetTimestamp();
            if (_inFlight is null && (_nextFetch is null || now >= _nextFetch))
            {
                _inFlightSince = now;
                _nextFetch = After(MinFetchSpacing);

                // Shared by all who wait: it carries nobody's ambient context and ends with nobody's cancellation.
                using (ExecutionContext.SuppressFlow())
                {
                    _inFlight = Task.Run(() => FetchAsync(now));
                }
            }

            since = _inFlightSince;
            return _inFlight;
        }
    }

    private async Task<Verdict<IssuerKeys>> FetchAsync(long since)
    {
        Verdict<IssuerKeys> verdict;
        try
        {
            using var deadline = new CancellationTokenSource(_issuer.FetchTimeout, _timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _disposed.Token);

            // A fetch that does not heed its end is left behind.
            verdict = await _fetch(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            verdict = OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, $"No answer within {_issuer.FetchTimeout:c}.");
        }
        catch (Exception exception)
        {
            verdict = OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, exception.GetType().Name + ": " + exception.Message);
        }

        Publish(verdict, since);
        return verdict;
    }

    private void Publish(Verdict<IssuerKeys> verdict, long since)
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        var changed = false;
        TimeSpan delay = default;
        lock (_gate)
        {
            _inFlight = null;
            _attempted = _timeProvider.GetTimestamp();
            if (verdict.TryGet(out var keys, out var rejection))
            {
                _failures = 0;
                _lastFailure = null;
                changed = _held.Value?.Keys.KeyIds.SetEquals(keys.KeyIds) != true;
                _held.Publish(new HeldKeys(keys, since));
            }
            else
            {
                delay = Jitter.Shorten(TimeSpan.FromTicks(Math.Min(MaxBackOff.Ticks, MinFetchSpacing.Ticks << Math.Min(_failures, 10))), JitterPart);
                _failures++;
                _lastFailure = rejection;
                _nextFetch = After(delay);
            }
        }

        _logger.Run(() =>
        {
            if (verdict.Rejection is { } failure)
            {
                _logger.IssuerKeysFetchFailed(_issuer.Name, failure.Code, failure.Detail, delay, Usable() is not null);
            }
            else if (changed)
            {
                _logger.IssuerKeysLoaded(_issuer.Name, verdict.Value!.KeyIds.Count);
            }

            _metrics.KeysFetched(verdict.Rejection);
        });
    }
}
