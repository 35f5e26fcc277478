using System.Collections;
using System.Globalization;

namespace ZeroTrust.AspNetCore.Auditing;

/// <summary>What is written of one served call. Neither its path nor anything else a stranger spells is among it.</summary>
internal sealed record ServedCall(
    string Method, string Route, string Listener, string Workload, string Decision, int Status, string? GrpcStatus, string Tenant, string Subject)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Format =
        "Served {http.request.method} {http.route} on listener {zerotrust.listener} to {zerotrust.workload} by {zerotrust.decision}: "
        + "status {http.response.status_code}, gRPC status {rpc.grpc.status_code}, tenant {zerotrust.tenant}, subject {enduser.id}.";

    public int Count => 10;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("http.request.method", Method),
        1 => new("http.route", Route),
        2 => new("zerotrust.listener", Listener),
        3 => new("zerotrust.workload", Workload),
        4 => new("zerotrust.decision", Decision),
        5 => new("http.response.status_code", Status),
        6 => new("rpc.grpc.status_code", GrpcStatus ?? "none"),
        7 => new("zerotrust.tenant", Tenant),
        8 => new("enduser.id", Subject),
        9 => new("{OriginalFormat}", Format),
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "There are ten."),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Served {Method} {Route} on listener {Listener} to {Workload} by {Decision}: status {Status}, gRPC status {GrpcStatus ?? "none"}, tenant {Tenant}, subject {Subject}.");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
