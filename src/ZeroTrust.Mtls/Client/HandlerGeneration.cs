using System.Diagnostics.CodeAnalysis;
using ZeroTrust.X509;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// The connections made with one credential under the same anchors. Retired, it takes no more requests and ends what it has in its own
/// time.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The last user disposes the handler, in Return.")]
internal sealed class HandlerGeneration(PeerCredential credential, TrustAnchorSet? anchors, SocketsHttpHandler handler)
{
    private readonly HttpMessageInvoker _invoker = new(handler);
    private int _users = 1;
    private volatile bool _retired;

    public PeerCredential Credential { get; } = credential;

    public TrustAnchorSet? Anchors { get; } = anchors;

    public HttpMessageInvoker Invoker => _invoker;

    /// <summary>Takes part for one request; <see cref="Return"/> has to follow.</summary>
    public bool TryRent()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0 && !_retired)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    // Response bodies that are still being read outlive the handler; only requests without an answer have to be waited for.
    public void Return()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _invoker.Dispose();
        }
    }

    public void Retire()
    {
        if (!_retired)
        {
            _retired = true;
            Return();
        }
    }
}
