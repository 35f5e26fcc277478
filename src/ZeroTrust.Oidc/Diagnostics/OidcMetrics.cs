using System.Diagnostics.Metrics;
using ZeroTrust.Shared;

namespace ZeroTrust.Oidc.Diagnostics;

internal sealed class OidcMetrics
{
    private readonly Counter<long> _verifications;
    private readonly Counter<long> _fetches;

    public OidcMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(OidcTelemetry.MeterName);
        _verifications = meter.CreateCounter<long>(
            "zerotrust.oidc.token.verifications", "{verification}", "Access tokens verified, by result.");
        _fetches = meter.CreateCounter<long>(
            "zerotrust.oidc.key.fetches", "{fetch}", "Fetches of an issuer's discovery document and key set, by result.");
    }

    public void TokenVerified(Rejection? rejection) => Add(_verifications, rejection);

    public void KeysFetched(Rejection? rejection) => Add(_fetches, rejection);

    private static void Add(Counter<long> counter, Rejection? rejection)
    {
        if (rejection is null)
        {
            counter.AddQuietly(1, new KeyValuePair<string, object?>("zerotrust.result", "accepted"));
            return;
        }

        counter.AddQuietly(
            1,
            new KeyValuePair<string, object?>("zerotrust.result", "refused"),
            new KeyValuePair<string, object?>("error.type", rejection.Code));
    }
}
