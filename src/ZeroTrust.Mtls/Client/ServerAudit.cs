using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// Tells every verdict about a server: an event and a count. Refusals are limited in number, fairly among servers; certificates are told by
/// their hash alone.
/// </summary>
internal sealed class ServerAudit
{
    private readonly QuietLogger _logger;
    private readonly BoundedLogger _bounded;
    private readonly EventBudget _budget;
    private readonly Counter<long>? _connections;
    private readonly Counter<long>? _repeated;

    public ServerAudit(ILogger logger, TimeProvider time, IMeterFactory? meterFactory)
    {
        _logger = new QuietLogger(logger);
        _bounded = new BoundedLogger(logger);
        _budget = new EventBudget(time, suppressed => Log.ServerRefusalsSuppressed(_logger, suppressed.Count, suppressed.Caller));
        var meter = meterFactory?.Create(MtlsTelemetry.MeterName);
        _connections = meter?.CreateCounter<long>("zerotrust.mtls.servers", "{connection}", "Connections to servers, by verdict.");
        _repeated = meter?.CreateCounter<long>("zerotrust.mtls.calls.repeated", "{call}", "Calls that were sent once more.");
    }

    public void Accepted(VerifiedPeer server, string address)
    {
        _connections?.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.result", "accepted"));
        Log.ServerAccepted(_logger, server, address);
    }

    public void Refused(WorkloadId expected, string address, Rejection rejection, PeerCertificates? presented)
    {
        Count("refused", rejection);
        if (_budget.TryPass(EventCaller.Of(expected.ToString(), address: null)))
        {
            Log.ServerRefused(_logger, address, expected, rejection, presented?.LeafSha256);
        }
    }

    /// <summary>Of a connection that the server ended after the handshake, before it answered, or answered that it refuses.</summary>
    public void Unanswered(WorkloadId server, string address, Rejection rejection)
    {
        Count("unanswered", rejection);
        if (_budget.TryPass(EventCaller.Of(server.ToString(), address: null)))
        {
            Log.ServerUnanswered(_logger, server, address, rejection);
        }
    }

    /// <summary>Of connections that are cut by now. The pool waits, with all its requests.</summary>
    public void Aborted(IReadOnlyCollection<(ServerStream Stream, Rejection Rejection)> refused)
    {
        if (refused.Count > 0)
        {
            _bounded.Run(() =>
            {
                foreach (var (stream, rejection) in refused)
                {
                    Aborted(stream.Peer!, stream.Address, rejection);
                }
            });
        }
    }

    /// <summary>Of an idempotent call that is sent once more: on the span of the call, counted, and logged.</summary>
    /// <param name="server">The server.</param>
    /// <param name="cause"><c>connection</c>: the platform, which met a closed one; <c>rotation</c>: this package, across one.</param>
    public void Repeated(WorkloadId server, string cause)
    {
        _repeated?.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.cause", cause));
        Activity.Current?.AddEvent(new ActivityEvent(
            "zerotrust.mtls.call_repeated", tags: new ActivityTagsCollection { ["zerotrust.cause"] = cause }));
        Log.CallRepeated(_logger, server, cause);
    }

    public void Replaced(WorkloadId server) => Log.ServerConnectionsReplaced(_bounded, server);

    public void WatchFailed(WorkloadId server, Exception exception) => Log.ServerWatchFailed(_bounded, server, exception);

    private void Aborted(VerifiedPeer server, string address, Rejection rejection)
    {
        Count("aborted", rejection);
        if (_budget.TryPass(EventCaller.Of(server.ToString(), address: null)))
        {
            Log.ServerConnectionAborted(_bounded, server, address, rejection);
        }
    }

    private void Count(string result, Rejection rejection) => _connections?.AddQuietly(
        1,
        new KeyValuePair<string, object?>("zerotrust.result", result),
        new KeyValuePair<string, object?>("error.type", rejection.Code));
}
