using Grpc.Core;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;
using ZeroTrust.Authz.Grpc.Tests.Protos;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>Clients of gRPC-Web are told the same as clients of gRPC, over either version of HTTP.</summary>
public sealed class GrpcWebTests : IAsyncLifetime
{
    private LedgerFixture _ledger = null!;

    public static TheoryData<GrpcWebMode, string> Ways => new()
    {
        { GrpcWebMode.GrpcWeb, "1.1" },
        { GrpcWebMode.GrpcWeb, "2.0" },
        { GrpcWebMode.GrpcWebText, "1.1" },
        { GrpcWebMode.GrpcWebText, "2.0" },
    };

    public async ValueTask InitializeAsync() => _ledger = await LedgerFixture.StartAsync(app =>
    {
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<LedgerService>();
    });

    public ValueTask DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_with_a_context_is_served(GrpcWebMode mode, string version)
    {
        var answer = await Client(mode, version).ReadAsync(new Entry(), Carried(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.StartsWith("acme|", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_refused_before_its_method_has_status_and_code(GrpcWebMode mode, string version)
    {
        var client = Client(mode, version);

        Assert.Equal((StatusCode.Unauthenticated, "authz.context_missing"), await LedgerFixture.RefusedAsync(() => client.ReadAsync(new Entry()).ResponseAsync));
        Assert.Equal(
            (StatusCode.PermissionDenied, "authz.permission_missing"),
            await LedgerFixture.RefusedAsync(() => client.ReadAsync(new Entry(), Carried(permissions: "orders:write")).ResponseAsync));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_refused_by_its_method_has_status_and_code(GrpcWebMode mode, string version) => Assert.Equal(
        (StatusCode.PermissionDenied, "authz.tenant_mismatch"),
        await LedgerFixture.RefusedAsync(() => Client(mode, version).ReadOfAsync(new Entry { Text = "globex" }, Carried()).ResponseAsync));

    private Ledger.LedgerClient Client(GrpcWebMode mode, string version) => new(_ledger.Invoker(_ledger.Gateway, through: inner => new GrpcWebHandler(mode, new Pinned(Version.Parse(version), inner))));

    private Metadata Carried(string permissions = "orders:read") => LedgerFixture.Carry(_ledger.Gateway.Send(permissions: permissions));

    private sealed class Pinned(Version version, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Version = version;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
