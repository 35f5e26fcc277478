using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A gRPC service that names the peers it serves.</summary>
public sealed class GrpcPeerTests
{
    [Fact]
    public async Task A_named_peer_is_served_and_another_is_denied_with_its_code()
    {
        await using var ledger = await LedgerFixture.StartAsync(app => app.MapGrpcService<PeerLedger>().RequirePeer(MeshHost.Gateway));
        var other = ledger.ClientOf(ledger.Host.Peer(MeshHost.Billing));

        var answer = await ledger.Client.ReadAsync(new Entry { Text = "x" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("x", answer.Text);

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => other.ReadAsync(new Entry(), cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        var info = refused.GetRpcStatus()?.GetDetail<ErrorInfo>();
        Assert.Equal("aspnetcore.peer_not_allowed", info?.Reason);
        Assert.Equal("aspnetcore.peer_not_allowed", RejectionRpc.CodeOf(refused));
        Assert.DoesNotContain(MeshHost.Gateway, refused.ToString(), StringComparison.Ordinal);
    }

    private sealed class PeerLedger : Ledger.LedgerBase
    {
        public override Task<Entry> Read(Entry request, ServerCallContext context) => Task.FromResult(request);
    }
}
