using System.Collections.Concurrent;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

/// <summary>Sends the contexts of one peer to the service under test.</summary>
internal sealed class TestContextSender(Func<PeerCredential> peer, Func<string, PeerCredential> issue, Func<WorkloadId> service, TrustBundle bundle, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<TestContextRequest, Lazy<(TestWorkload Peer, TestWorkload? Minter)>> _workloads = new();

    public TxnHeaders Send(TestContextRequest request)
    {
        var (sender, minter) = _workloads.GetOrAdd(request, key => new(() => Create(key))).Value;
        var held = minter is null ? sender.Mint(request) : sender.Take(minter.Mint(request), minter);
        return sender.Hand(held, service());
    }

    public void Dispose()
    {
        foreach (var created in _workloads.Values)
        {
            created.Value.Peer.Dispose();
            created.Value.Minter?.Dispose();
        }
    }

    private (TestWorkload Peer, TestWorkload? Minter) Create(TestContextRequest request) => (
        new TestWorkload(peer(), bundle, request, time),
        request.Minter is { } minter ? new TestWorkload(issue(minter), bundle, request, time) : null);
}
