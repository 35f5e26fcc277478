using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Authz.Grpc;
using ZeroTrust.Mtls;
using ZeroTrust.Samples.Orders.Protos;
using ZeroTrust.Testing;
using ZeroTrust.Tests.Support;

namespace ZeroTrust.IntegrationTests.Refusals;

/// <summary>
/// The status that a call of gRPC ends with where its server is refused, or refuses, or cannot be reached. It is never INTERNAL.
/// </summary>
public sealed class GrpcStatusTests : IDisposable
{
    private const string Gateway = "spiffe://example.test/gateway";
    private const string Orders = "spiffe://example.test/orders";

    private readonly TestCertificateAuthority _root = TestCertificateAuthority.Create("root");
    private readonly TestCertificateAuthority _foreign = TestCertificateAuthority.Create("foreign");
    private readonly TestCertificate _gateway;
    private readonly TestCertificate _orders;
    private readonly MemoryPeerCredentialSource _credentials;

    public GrpcStatusTests()
    {
        _gateway = _root.Issue(Gateway);
        _orders = _root.Issue(Orders);
        _credentials = new MemoryPeerCredentialSource(_gateway.ToCredential());
    }

    public static MatrixTheoryData<MethodType, bool> Calls => new(Enum.GetValues<MethodType>(), [false, true]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _orders.Dispose();
        _gateway.Dispose();
        _foreign.Dispose();
        _root.Dispose();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_impostor_is_unauthenticated_for_every_kind_of_call(MethodType type, bool isOfTheFactory)
    {
        using var other = _root.Issue("spiffe://example.test/other");
        await using var server = new LoneServer(other, SslApplicationProtocol.Http2);

        var failure = await CallAsync(server.Address, type, isOfTheFactory);

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("mtls.server_identity_mismatch", RejectionRpc.CodeOf(failure));
        Assert.Equal(isOfTheFactory ? Orders : null, RejectionException.FindIn(failure)?.Expected);
        Assert.DoesNotContain("example.test", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_unauthenticated()
    {
        using var forged = _foreign.Issue(Orders);
        await using var server = new LoneServer(forged, SslApplicationProtocol.Http2);

        var failure = await CallAsync(server.Address);

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("x509.untrusted_anchor", RejectionRpc.CodeOf(failure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_impostor_is_called_once_whatever_the_policy_of_retries(bool isHedged)
    {
        using var other = _root.Issue("spiffe://example.test/other");
        await using var server = new LoneServer(other, SslApplicationProtocol.Http2);

        var failure = await CallAsync(server.Address, configure: options => options.ServiceConfig = Policy(isHedged));

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("mtls.server_identity_mismatch", RejectionRpc.CodeOf(failure));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task What_does_not_speak_tls_is_unauthenticated()
    {
        await using var server = new LoneServer(shown: null, SslApplicationProtocol.Http2);

        var failure = await CallAsync(server.Address);

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal("mtls.handshake_invalid", RejectionRpc.CodeOf(failure));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_server_that_closes_right_after_the_handshake_is_unavailable_and_named(MethodType type, bool isOfTheFactory)
    {
        await using var server = new LoneServer(_orders, SslApplicationProtocol.Http2);

        var failure = await CallAsync(server.Address, type, isOfTheFactory);

        Assert.True(failure.StatusCode == StatusCode.Unavailable, failure.ToString());
        Assert.Equal("mtls.closed_after_handshake", RejectionRpc.CodeOf(failure));
        Assert.Contains($"it may have refused this workload's certificate ({Gateway})", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        Uri address;
        await using (var server = new LoneServer(_orders, SslApplicationProtocol.Http2))
        {
            address = server.Address;
        }

        var failure = await CallAsync(address);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Null(RejectionRpc.CodeOf(failure));
    }

    [Fact]
    public async Task A_server_that_never_answers_the_handshake_is_unavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var failure = await CallAsync(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task A_server_without_http_2_is_unavailable()
    {
        await using var server = new LoneServer(_orders, SslApplicationProtocol.Http11);

        Assert.Equal(StatusCode.Unavailable, (await CallAsync(server.Address)).StatusCode);
    }

    [Fact]
    public async Task A_credential_that_has_ended_is_unavailable()
    {
        await using var server = new LoneServer(_orders, SslApplicationProtocol.Http2);
        var time = new FakeTimeProvider(_gateway.ToCredential().NotAfter.AddSeconds(1));

        var failure = await CallAsync(server.Address, time: time);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("mtls.credential_expired", RejectionRpc.CodeOf(failure));
    }

    private static ServiceConfig Policy(bool isHedged) => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                HedgingPolicy = isHedged
                    ? new HedgingPolicy
                    {
                        MaxAttempts = 4,
                        HedgingDelay = TimeSpan.FromSeconds(10),
                        NonFatalStatusCodes = { StatusCode.Unavailable },
                    }
                    : null,
                RetryPolicy = isHedged
                    ? null
                    : new RetryPolicy
                    {
                        MaxAttempts = 4,
                        InitialBackoff = TimeSpan.FromMilliseconds(1),
                        MaxBackoff = TimeSpan.FromMilliseconds(1),
                        BackoffMultiplier = 1,
                        RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.Internal },
                    },
            },
        },
    };

    private static async Task SendAsync(CallInvoker invoker, MethodType type)
    {
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var method = new Method<byte[], byte[]>(type, "Test", type.ToString(), bytes, bytes);
        var options = new CallOptions(cancellationToken: Cancelled);
        switch (type)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(method, host: null, options, [1]);
                break;
            case MethodType.ServerStreaming:
                using (var call = invoker.AsyncServerStreamingCall(method, host: null, options, [1]))
                {
                    await call.ResponseStream.MoveNext(Cancelled);
                }

                break;
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(method, host: null, options))
                {
                    await call.ResponseAsync;
                }

                break;
            default:
                using (var call = invoker.AsyncDuplexStreamingCall(method, host: null, options))
                {
                    await call.ResponseStream.MoveNext(Cancelled);
                }

                break;
        }
    }

    private async Task<RpcException> CallAsync(
        Uri address,
        MethodType type = MethodType.Unary,
        bool isOfTheFactory = false,
        Action<GrpcChannelOptions>? configure = null,
        TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IPeerCredentialSource>(_credentials);
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(_root.ToBundle("example.test"))));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddZeroTrust().AddMtls(options =>
        {
            options.TrustDomain = "example.test";
            options.Servers["orders"] = Orders;
            options.ConnectTimeout = TimeSpan.FromSeconds(1);
        });
        if (isOfTheFactory)
        {
            services.AddZeroTrust().AddAuthzGrpc();
        }

        CallInvoker? made = null;
        services.AddGrpcClient<OrderBook.OrderBookClient>(options => options.Address = address).ConfigureGrpcClientCreator(invoker =>
        {
            made = invoker;
            return new OrderBook.OrderBookClient(invoker);
        }).AddMtls("orders");
        await using var provider = services.BuildServiceProvider();
        if (isOfTheFactory)
        {
            provider.GetRequiredService<OrderBook.OrderBookClient>();
            return await Assert.ThrowsAsync<RpcException>(() => SendAsync(made!, type));
        }

        using var handler = provider.GetRequiredService<MtlsHandlerFactory>().Create("orders");
        var channelOptions = new GrpcChannelOptions { HttpHandler = handler };
        configure?.Invoke(channelOptions);
        using var channel = GrpcChannel.ForAddress(address, channelOptions);
        return await Assert.ThrowsAsync<RpcException>(() => SendAsync(channel.CreateCallInvoker(), type));
    }
}
