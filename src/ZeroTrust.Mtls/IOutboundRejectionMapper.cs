namespace ZeroTrust.Mtls;

/// <summary>
/// Tells the client of a protocol over HTTP of a refusal in that protocol's own words, where an exception of HTTP would read as
/// something else.
/// </summary>
/// <remarks>
/// Asked by the handlers that <c>AddMtls</c> makes, in the order of registration; the first one that answers decides.
/// <c>AddAuthzGrpc</c> registers one for gRPC.
/// </remarks>
public interface IOutboundRejectionMapper
{
    /// <summary>Makes the exception to throw in place of the refusal.</summary>
    /// <param name="request">The call that was not made, or not answered.</param>
    /// <param name="refusal">Why. Keep it as the cause: hosts and programs look for it with <see
    /// cref="RejectionException.FindIn"/>.</param>
    /// <returns>The exception; null for a call of another protocol.</returns>
    Exception? Map(HttpRequestMessage request, RejectionException refusal);
}
