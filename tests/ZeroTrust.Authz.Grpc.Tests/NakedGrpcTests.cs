using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.AspNetCore;
using ZeroTrust.Authz.Grpc.Tests.Protos;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.Grpc.Tests;

/// <summary>Services of gRPC that nobody decided about stop the host, those of the framework included.</summary>
public sealed class NakedGrpcTests
{
    public static TheoryData<string, Action<WebApplication>> Services => new()
    {
        { "service", app => app.MapGrpcService<NakedService>() },
        { "service with one decided method", app => app.MapGrpcService<HalfDecidedService>() },
        { "service decided as a whole and by method", app => app.MapGrpcService<HalfDecidedService>().RequireContext() },
        { "anonymous service", app => app.MapGrpcService<NakedService>().AllowAnonymous() },
        { "service for any authenticated user", app => app.MapGrpcService<NakedService>().RequireAuthorization() },
        { "reflection", app => app.MapGrpcReflectionService() },
        { "health", app => app.MapGrpcHealthChecksService() },
    };

    [Theory]
    [MemberData(nameof(Services), DisableDiscoveryEnumeration = true)]
    public async Task It_is_not_served(string name, Action<WebApplication> map)
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => MeshHost.StartAsync(map, Register));

        Assert.True(refusal.Message.Contains("Every endpoint carries exactly one decision", StringComparison.Ordinal), name);
    }

    [Fact]
    public async Task Those_of_the_framework_are_served_to_whom_a_decision_admits()
    {
        await using var host = await MeshHost.StartAsync(
            app =>
            {
                app.MapGrpcReflectionService().RequirePeer(MeshHost.Gateway);
                app.MapGrpcHealthChecksService().AllowPublic("says only whether it serves");
            },
            Register);

        Assert.NotEqual(0, host.EndPointOf("mesh").Port);
    }

    private static void Register(WebApplicationBuilder builder)
    {
        LedgerFixture.Register(builder);
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
    }

    private sealed class NakedService : Ledger.LedgerBase;

    private sealed class HalfDecidedService : Ledger.LedgerBase
    {
        [RequireContext]
        public override Task<Entry> Read(Entry request, ServerCallContext context) => Task.FromResult(request);
    }
}
