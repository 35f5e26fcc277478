using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ZeroTrust.Oidc.Diagnostics;
using ZeroTrust.Oidc.Internal;

namespace ZeroTrust.Oidc.Keys;

/// <summary>One issuer's keys over time: one fetch at a time, spaced whatever is asked, the last good kept within bounds.</summary>
internal sealed class IssuerKeyRing : IDisposable
{
    // Spacing is by time alone, so tokens with invented key ids have no budget to spend: they cause at most one fetch a
    // second, and a key the issuer really published is met by the next of those.
    internal static readonly TimeSpan MinFetchSpacing = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(15);
    internal static readonly TimeSpan MaxWaitForKey = TimeSpan.FromSeconds(3);
    internal const int MaxWaitingForKey = 256;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly OidcIssuer _issuer;
    private readonly Func<CancellationToken, Task<Verdict<IssuerKeys>>> _fetch;
    private readonly TimeProvider _timeProvider;
    private readonly OidcMetrics _metrics;
    private readonly ILogger _logger;
    private IssuerKeys? _keys;
    private Rejection? _lastFailure;
    private Task<Verdict<IssuerKeys>>? _inFlight;
    private DateTimeOffset _inFlightSince;
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;
    private CancellationTokenSource _reload = new();
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
        _logger = logger;
    }

    public IChangeToken GetReloadToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_reload.Token);
        }
    }

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
                    _ => (DependencyState.Ready, null),
                };
            }
        }
    }

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
            return _failures > 0 ? Positive(_nextFetch - _timeProvider.GetUtcNow()) : Jitter(_issuer.KeyRefreshInterval);
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
        _reload.Dispose();
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(1);

    // 75 to 100 % of the time, so that replicas do not call in step.
    private static TimeSpan Jitter(TimeSpan time) => time * (RandomNumberGenerator.GetInt32(750, 1001) / 1000.0);

    private IssuerKeys? Usable()
    {
        var keys = Volatile.Read(ref _keys);
        return keys is not null && _timeProvider.GetUtcNow() - keys.FetchedAt <= _issuer.MaxKeyAge ? keys : null;
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
            return _keys is not null && _failures == 0
                ? _keys
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
        var asked = _timeProvider.GetUtcNow();
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

                if (_keys!.Contains(keyId) || _keys.FetchedAt > asked)
                {
                    return _keys;
                }

                wait = Positive(_nextFetch - _timeProvider.GetUtcNow());
            }

            await Task.Delay(wait, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<Verdict<IssuerKeys>>? JoinOrStartAsync(out DateTimeOffset since)
    {
        lock (_gate)
        {
            var now = _timeProvider.GetUtcNow();
            if (_inFlight is null && now >= _nextFetch)
            {
                _inFlightSince = now;
                _nextFetch = now + MinFetchSpacing;

                // Shared by all who wait: it carries nobody's ambient context and ends with nobody's cancellation.
                using (ExecutionContext.SuppressFlow())
                {
                    _inFlight = Task.Run(FetchAsync);
                }
            }

            since = _inFlightSince;
            return _inFlight;
        }
    }

    private async Task<Verdict<IssuerKeys>> FetchAsync()
    {
        Verdict<IssuerKeys> verdict;
        try
        {
            using var deadline = new CancellationTokenSource(_issuer.FetchTimeout, _timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _disposed.Token);
            verdict = await _fetch(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            verdict = OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, $"No answer within {_issuer.FetchTimeout:c}.");
        }
        catch (Exception exception)
        {
            verdict = OidcRejections.Refuse(OidcRejectionReason.IssuerUnavailable, exception.GetType().Name + ": " + exception.Message);
        }

        _metrics.KeysFetched(verdict.Rejection);
        Publish(verdict);
        return verdict;
    }

    private void Publish(Verdict<IssuerKeys> verdict)
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        CancellationTokenSource? replaced = null;
        var changed = false;
        TimeSpan delay = default;
        lock (_gate)
        {
            _inFlight = null;
            if (verdict.TryGet(out var keys, out var rejection))
            {
                _failures = 0;
                _lastFailure = null;
                changed = _keys is null || !_keys.KeyIds.SetEquals(keys.KeyIds);
                replaced = _reload;
                _reload = new CancellationTokenSource();
                Volatile.Write(ref _keys, keys);
            }
            else
            {
                delay = Jitter(TimeSpan.FromTicks(Math.Min(MaxBackOff.Ticks, MinFetchSpacing.Ticks << Math.Min(_failures, 10))));
                _failures++;
                _lastFailure = rejection;
                _nextFetch = _timeProvider.GetUtcNow() + delay;
            }
        }

        if (verdict.Rejection is { } failure)
        {
            _logger.IssuerKeysFetchFailed(_issuer.Name, failure.Code, failure.Detail, delay, Usable() is not null);
        }
        else if (changed)
        {
            _logger.IssuerKeysLoaded(_issuer.Name, verdict.Value!.KeyIds.Count);
        }

        _ = replaced?.CancelAsync(); // what listeners do must not reach the fetch
    }
}
