using Grpc.Core;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>The context guard's refusals judge the call, and are not marked as refusals of the connection.</summary>
public sealed class UnmarkedContextTests : IAsyncLifetime
{
    private LedgerFixture _ledger = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _ledger = await LedgerFixture.StartAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData("absent", StatusCode.Unauthenticated, "authz.context_missing")]
    [InlineData("permission", StatusCode.PermissionDenied, "authz.permission_missing")]
    [InlineData("duplicated", StatusCode.InvalidArgument, "authz.header_duplicated")]
    public async Task A_refused_call_is_not_marked(string fault, StatusCode status, string code)
    {
        var metadata = fault switch
        {
            "absent" => [],
            "permission" => LedgerFixture.Carry(_ledger.Gateway.Send(permissions: "orders:write")),
            _ => LedgerFixture.Carry(_ledger.Gateway.Send()),
        };
        if (fault == "duplicated")
        {
            metadata.Add(metadata[0]);
        }

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => _ledger.Client.ReadAsync(new Entry(), metadata, cancellationToken: Cancelled).ResponseAsync);

        Assert.Equal((status, code), (refused.StatusCode, RejectionRpc.CodeOf(refused)));
        AssertUnmarked(refused.Trailers);
    }

    [Fact]
    public async Task A_refusal_from_within_a_method_is_not_marked()
    {
        using var call = _ledger.Client.ReadOfAsync(
            new Entry { Text = "globex" }, LedgerFixture.Carry(_ledger.Gateway.Send()), cancellationToken: Cancelled);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal("authz.tenant_mismatch", RejectionRpc.CodeOf(refused));
        AssertUnmarked(refused.Trailers);
        AssertUnmarked(await call.ResponseHeadersAsync);
    }

    [Fact]
    public async Task A_stream_that_is_refused_before_it_begins_is_not_marked()
    {
        using var call = _ledger.Client.Exchange(cancellationToken: Cancelled);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancelled));

        Assert.Equal("authz.context_missing", RejectionRpc.CodeOf(refused));
        AssertUnmarked(refused.Trailers);
    }

    private static void AssertUnmarked(Metadata metadata) => Assert.DoesNotContain(
        metadata, entry => entry.Key is "zerotrust-refused" or "x-accel-redirect");
}
