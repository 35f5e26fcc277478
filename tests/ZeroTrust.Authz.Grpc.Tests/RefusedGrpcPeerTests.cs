using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>A peer that is refused before any call reads the refusal as a status of gRPC, in the shape an open connection has it.</summary>
public sealed class RefusedGrpcPeerTests
{
    public static TheoryData<string> Kinds => ["unary", "server stream", "client stream", "duplex"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_of_call_ends_with_the_status_and_the_code(string kind)
    {
        await using var ledger = await LedgerFixture.StartAsync(app => app.MapGrpcService<LedgerService>());
        var stranger = ledger.ClientOf(ledger.Host.Peer("spiffe://example.test/stranger"));

        Assert.Equal(
            (StatusCode.PermissionDenied, "mtls.peer_not_listed"), await LedgerFixture.RefusedAsync(() => CallAsync(stranger, kind)));
    }

    [Fact]
    public async Task The_status_is_that_of_a_refused_call()
    {
        await using var ledger = await LedgerFixture.StartAsync(app => app.MapGrpcService<LedgerService>());
        var stranger = ledger.ClientOf(ledger.Host.Peer("spiffe://example.test/stranger"));

        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(stranger, "unary"));

        var expected = RejectionRpc.ToStatus(new Rejection("mtls.peer_not_listed", string.Empty, RejectionKind.Forbidden));
        Assert.Equal(expected, refused.GetRpcStatus());
        Assert.Equal("mtls.peer_not_listed", refused.Status.Detail);
        Assert.Equal("connection", refused.Trailers.GetValue("zerotrust-refused"));
    }

    private static Task CallAsync(Ledger.LedgerClient client, string kind)
    {
        var cancelled = TestContext.Current.CancellationToken;
        return kind switch
        {
            "unary" => client.ReadAsync(new Entry(), cancellationToken: cancelled).ResponseAsync,
            "server stream" => client.Watch(new Entry(), cancellationToken: cancelled).ResponseStream.MoveNext(cancelled),
            "client stream" => client.Collect(cancellationToken: cancelled).ResponseAsync,
            _ => client.Exchange(cancellationToken: cancelled).ResponseStream.MoveNext(cancelled),
        };
    }
}
