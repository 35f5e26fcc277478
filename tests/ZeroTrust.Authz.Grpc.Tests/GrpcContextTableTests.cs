using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>The behaviour table of the context, as a gRPC client sees it: status code and ErrorInfo.</summary>
public sealed class GrpcContextTableTests : IAsyncLifetime
{
    private LedgerFixture _ledger = null!;

    public async ValueTask InitializeAsync() => _ledger = await LedgerFixture.StartAsync();

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task A_valid_context_is_served()
    {
        var answer = await ReadAsync(LedgerFixture.Carry(_ledger.Gateway.Send()));
        Assert.StartsWith("acme|", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_context_is_unauthenticated() =>
        Assert.Equal((StatusCode.Unauthenticated, "authz.context_missing"), await RefusedReadAsync([]));

    [Fact]
    public async Task Spoofed_metadata_never_reaches_the_method_nor_stands_in_for_a_context()
    {
        Assert.Equal((StatusCode.Unauthenticated, "authz.context_missing"), await RefusedReadAsync(Spoof([])));

        var answer = await ReadAsync(Spoof(LedgerFixture.Carry(_ledger.Gateway.Send())));
        Assert.DoesNotContain("tenant", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("txn", answer.Text, StringComparison.Ordinal);

        static Metadata Spoof(Metadata metadata)
        {
            metadata.Add("x-tenant-id", "acme");
            metadata.Add("x_tenant_id", "acme");
            metadata.Add("x-tenant-id-bin", "acme"u8.ToArray());
            metadata.Add("txn-debug", "1");
            return metadata;
        }
    }

    [Fact]
    public async Task A_duplicated_context_is_an_invalid_argument()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        metadata.Add(metadata[0]);
        Assert.Equal((StatusCode.InvalidArgument, "authz.header_duplicated"), await RefusedReadAsync(metadata));
    }

    [Fact]
    public async Task An_oversized_context_is_an_invalid_argument()
    {
        var headers = _ledger.Gateway.Send();
        var large = new TxnHeaders(headers.Token, headers.Chain, new string('A', TxnHeaders.MaxLength));
        Assert.Equal((StatusCode.InvalidArgument, "authz.too_large"), await RefusedReadAsync(LedgerFixture.Carry(large)));
    }

    [Fact]
    public async Task A_malformed_context_is_unauthenticated()
    {
        var headers = _ledger.Gateway.Send();
        var malformed = new TxnHeaders("e30.e30.AA", headers.Chain, headers.Certs);
        Assert.Equal((StatusCode.Unauthenticated, "jose.algorithm_missing"), await RefusedReadAsync(LedgerFixture.Carry(malformed)));
    }

    [Fact]
    public async Task An_expired_context_is_unauthenticated()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        _ledger.Host.Clock.Advance(TimeSpan.FromSeconds(124));
        await ReadAsync(metadata);

        _ledger.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((StatusCode.Unauthenticated, "authz.expired"), await RefusedReadAsync(metadata));
    }

    [Fact]
    public async Task A_captured_context_is_worth_nothing_to_another_peer()
    {
        var thief = _ledger.ClientOf(_ledger.Host.Peer(MeshHost.Billing));
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        Assert.Equal(
            (StatusCode.Unauthenticated, "authz.sender_mismatch"),
            await LedgerFixture.RefusedAsync(() => thief.ReadAsync(new Entry(), metadata, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync));
    }

    [Fact]
    public async Task A_key_that_cannot_be_had_is_unavailable_until_it_is_there()
    {
        using var outside = new OutsideService();
        await using var ledger = await LedgerFixture.StartAsync(configure: outside.Configure);
        var metadata = LedgerFixture.Carry(outside.Send(ledger.Gateway, ledger.Host.Clock.GetUtcNow()));

        Assert.Equal(
            (StatusCode.Unavailable, "authz.token_service_keys_unavailable"),
            await LedgerFixture.RefusedAsync(() => ledger.Client.ReadAsync(new Entry(), metadata).ResponseAsync));

        outside.Publish();
        var answer = await ledger.Client.ReadAsync(new Entry(), metadata, cancellationToken: TestContext.Current.CancellationToken);
        Assert.StartsWith("acme|", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_is_denied()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send(permissions: "orders:write"));
        Assert.Equal((StatusCode.PermissionDenied, "authz.permission_missing"), await RefusedReadAsync(metadata));
    }

    [Fact]
    public async Task A_resource_of_another_tenant_is_denied_from_within_the_method()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        var own = await _ledger.Client.ReadOfAsync(new Entry { Text = "acme" }, metadata, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("acme", own.Text);

        Assert.Equal(
            (StatusCode.PermissionDenied, "authz.tenant_mismatch"),
            await LedgerFixture.RefusedAsync(() => _ledger.Client.ReadOfAsync(new Entry { Text = "globex" }, metadata, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync));
        var refusal = Assert.Single(_ledger.Host.Logs.GetSnapshot(), record => record.Id.Name == "CallRefused");
        Assert.Contains("authz.tenant_mismatch", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_stream_ends_before_it_begins()
    {
        using var call = _ledger.Client.Watch(new Entry(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            (StatusCode.Unauthenticated, "authz.context_missing"),
            await LedgerFixture.RefusedAsync(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_refused_call_does_not_wait_for_the_client_to_finish_its_stream()
    {
        using var call = _ledger.Client.Collect(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StatusCode.Unauthenticated, "authz.context_missing"), await LedgerFixture.RefusedAsync(() => call.ResponseAsync));
    }

    [Fact]
    public async Task A_refusal_says_its_code_and_nothing_else()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => ReadAsync([]));
        Assert.Equal("authz.context_missing", refused.Status.Detail);
        var status = refused.GetRpcStatus();
        Assert.Equal("authz.context_missing", status!.Message);
        Assert.Single(status.Details);
    }

    [Fact]
    public async Task A_failing_method_is_internal_and_says_nothing()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        var failed = await Assert.ThrowsAsync<RpcException>(() => _ledger.Client.FailAsync(new Entry(), metadata, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        Assert.Equal(StatusCode.Internal, failed.StatusCode);
        Assert.DoesNotContain(LedgerService.Canary, failed.ToString(), StringComparison.Ordinal);
        Assert.Single(_ledger.Host.Logs.GetSnapshot(), record => record.Id.Name == "GrpcMethodFailed" && record.Exception?.Message == LedgerService.Canary);
    }

    [Fact]
    public async Task A_status_the_method_chose_is_kept()
    {
        var metadata = LedgerFixture.Carry(_ledger.Gateway.Send());
        var failed = await Assert.ThrowsAsync<RpcException>(() => _ledger.Client.FailAsync(new Entry { Text = "rpc" }, metadata, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, failed.StatusCode);
        Assert.Null(RejectionRpc.CodeOf(failed));
    }

    [Theory]
    [InlineData("zerotrust.tests.ledger.Ledger", "Unknown")]
    [InlineData("unknown.Service", "Read")]
    public async Task An_unknown_method_is_unimplemented(string service, string name)
    {
        var method = new Method<Entry, Entry>(
            MethodType.Unary, service, name,
            Marshallers.Create(entry => Google.Protobuf.MessageExtensions.ToByteArray(entry), Entry.Parser.ParseFrom),
            Marshallers.Create(entry => Google.Protobuf.MessageExtensions.ToByteArray(entry), Entry.Parser.ParseFrom));
        using var call = _ledger.Invoker(_ledger.Gateway).AsyncUnaryCall(method, host: null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), new Entry());
        var (status, _) = await LedgerFixture.RefusedAsync(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, status);
    }

    [Fact]
    public async Task A_service_with_an_undecided_method_stops_the_host()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var host = await MeshHost.StartAsync(app => app.MapGrpcService<UndecidedService>(), LedgerFixture.Register);
        });
        Assert.Contains("Exchange", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_decision_on_a_service_covers_its_methods()
    {
        await using var host = await MeshHost.StartAsync(
            app => AuthzEndpointConventionBuilderExtensions.RequirePermission(app.MapGrpcService<UndecidedService>(), "orders:read"),
            LedgerFixture.Register);
    }

    private Task<Entry> ReadAsync(Metadata metadata) =>
        _ledger.Client.ReadAsync(new Entry(), metadata, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync;

    private Task<(StatusCode Status, string? Code)> RefusedReadAsync(Metadata metadata) => LedgerFixture.RefusedAsync(() => ReadAsync(metadata));

    private sealed class UndecidedService : Ledger.LedgerBase
    {
        public override Task<Entry> Read(Entry request, ServerCallContext context) => Task.FromResult(request);
    }
}
