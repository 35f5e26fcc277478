using System.Diagnostics;
using System.Diagnostics.Metrics;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Diagnostics;

internal sealed class AspNetCoreMetrics
{
    private const string Unknown = "unknown";

    private readonly Counter<long> _peers;
    private readonly Counter<long> _refusedCalls;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _strippedHeaders;
    private readonly Counter<long> _strippedForwards;
    private readonly Counter<long> _reloads;
    private readonly Meter _meter;

    public AspNetCoreMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(AspNetCoreTelemetry.MeterName);
        _peers = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.peers", "{connection}", "Connections to mutual TLS listeners, by verdict on the peer.");
        _refusedCalls = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.calls.refused", "{call}", "Calls that were refused, or cut while they ran, by code.");
        _closed = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.connections.closed", "{connection}", "Connections that the host closed: they outlived the trust they were opened with, or made room; by cause.");
        _strippedHeaders = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.certificate_headers.stripped", "{header}", "Inbound headers that carried a client's certificate and were removed unread.");
        _strippedForwards = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.forwarded_headers.stripped",
            "{header}",
            "Inbound headers that told where a client comes from or what it asked for, and were removed unread.");
        _reloads = meter.CreateCounter<long>(
            "zerotrust.aspnetcore.certificate.reloads", "{reload}", "Reloads of the certificates that edge listeners have of their own.");
    }

    public void PeerAccepted(string listener) => _peers.AddQuietly(1, new TagList
    {
        { "zerotrust.result", "accepted" },
        { "zerotrust.listener", listener },
    });

    public void PeerRefused(string listener, string code) => _peers.AddQuietly(1, new TagList
    {
        { "zerotrust.result", "refused" },
        { "zerotrust.listener", listener },
        { "error.type", code },
    });

    public void CallRefused(string? listener, string code) => _refusedCalls.AddQuietly(1, new TagList
    {
        { "zerotrust.listener", listener ?? Unknown },
        { "error.type", code },
    });

    public void ConnectionClosed(string listener, string cause) => _closed.AddQuietly(1, new TagList
    {
        { "zerotrust.listener", listener },
        { "zerotrust.cause", cause },
    });

    public void CertificateHeaderStripped(string? listener, string header) => _strippedHeaders.AddQuietly(1, new TagList
    {
        { "zerotrust.listener", listener ?? Unknown },
        { "zerotrust.header", header },
    });

    public void ForwardedHeaderStripped(string? listener, string header) => _strippedForwards.AddQuietly(1, new TagList
    {
        { "zerotrust.listener", listener ?? Unknown },
        { "zerotrust.header", header },
    });

    public void CertificateReloaded(string listener, bool succeeded) => _reloads.AddQuietly(1, new TagList
    {
        { "zerotrust.listener", listener },
        { "zerotrust.result", succeeded ? "accepted" : "refused" },
    });

    public void ObserveRemainingLife(Func<IEnumerable<(string Listener, TimeSpan Remaining)>> certificates) => _meter.CreateObservableGauge(
        "zerotrust.aspnetcore.certificate.remaining",
        () => certificates().Select(static certificate => new Measurement<double>(
            certificate.Remaining.TotalSeconds, new KeyValuePair<string, object?>("zerotrust.listener", certificate.Listener))),
        "s",
        "Time until the certificate that an edge listener has of its own ends; negative afterwards.");

    public void ObserveWeakenings(IReadOnlyCollection<Weakening> weakenings) => _meter.CreateObservableGauge(
        "zerotrust.weakenings",
        () => weakenings.Select(static weakening =>
            new Measurement<int>(1, new KeyValuePair<string, object?>("zerotrust.weakening", weakening.Name))),
        "{weakening}",
        "Checks that code has weakened.");
}
