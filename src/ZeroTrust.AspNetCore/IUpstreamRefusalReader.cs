namespace ZeroTrust.AspNetCore;

/// <summary>
/// Reads an exception of the client of one protocol, where it says that a server refused the call. Register with
/// <c>TryAddEnumerable</c>; HTTP is read without one, and <c>AddAuthzGrpc</c> registers one for gRPC.
/// </summary>
/// <remarks>Asked of what a handler let pass: the caller is answered with 502 or 503, and never as the one at fault.</remarks>
public interface IUpstreamRefusalReader
{
    /// <summary>Reads one exception, without its causes.</summary>
    /// <param name="exception">What was thrown, or a cause of it.</param>
    /// <param name="refusal">Why, as <see cref="Rejection.ToOutbound"/> makes it; null for no refusal, such as an outage.</param>
    /// <returns>Whether the exception is one of this protocol. Its causes are not read then.</returns>
    bool TryRead(Exception exception, out Rejection? refusal);
}
