using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using ZeroTrust.Authz.AspNetCore.Diagnostics;
using ZeroTrust.Authz.AspNetCore.Tests.Naked;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>What an application answers for is seen by those who operate it, and answers for something.</summary>
public sealed class AcceptedMemberTests
{
    private const string Owner = "authz.accept_member:ZeroTrust.Authz.AspNetCore.Tests.Routes.LooseControllers+OwnedModel.Tenant";
    private static readonly Delegate Reads = (RouteModels.Nested body) => body.Inner?.Tenant;

    [Fact]
    public async Task An_answer_is_logged_counted_and_known_once_for_all_its_endpoints()
    {
        await using var host = await MeshHost.StartAsync(app =>
        {
            var group = app.MapGroup("/{tenant}").RequireTenant("tenant").WithMetadata(Answer("who wrote it"));
            group.MapPost("/notes", Reads);
            group.MapPost("/drafts", Reads);
            group.MapGet("/notes", (string tenant) => tenant);
            app.MapPost("/{tenant}/letters", Reads).RequireTenant("tenant").WithMetadata(Answer("who wrote it"));
        });
        var log = Assert.Single(WeakeningsOf(host));
        Assert.Equal((3103, LogLevel.Warning), (log.Id.Id, log.Level));
        Assert.Equal($"Code has weakened a check, {Owner}, for this reason: who wrote it", log.Message);
        Assert.Equal([Owner], Counted(host));
        var known = Assert.Single(host.Services.GetServices<IWeakeningSource>().SelectMany(source => source.Weakenings));
        Assert.Equal((Owner, "who wrote it"), (known.Name, known.Reason));
    }

    [Fact]
    public async Task Answers_of_other_reasons_are_told_of_each()
    {
        await using var host = await MeshHost.StartAsync(app =>
        {
            app.MapPost("/{tenant}/notes", Reads).RequireTenant("tenant").WithMetadata(Answer("who wrote it"));
            app.MapPost("/{tenant}/drafts", Reads).RequireTenant("tenant").WithMetadata(Answer("who may read it"));
        });
        Assert.Equal(2, WeakeningsOf(host).Count());
    }

    [Fact]
    public async Task Without_an_answer_there_is_nothing_to_tell()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapGet("/{tenant}/notes", (string tenant) => tenant).RequireTenant("tenant"));
        Assert.Empty(WeakeningsOf(host));
        Assert.Empty(Counted(host));
    }

    [Fact]
    public async Task An_answer_of_an_endpoint_that_comes_later_is_told_of_too()
    {
        using var late = new LateEndpoints();
        await using var host = await MeshHost.StartAsync(app => ((IEndpointRouteBuilder)app).DataSources.Add(late));
        Assert.Empty(Counted(host));
        late.Publish("/{tenant}/late", new RequireTenantAttribute("tenant"), Answer("who wrote it"));
        Assert.Single(WeakeningsOf(host));
        Assert.Equal([Owner], Counted(host));
    }

    [Theory]
    [InlineData(typeof(LooseControllers.OwnedModel), "tenant")]
    [InlineData(typeof(LooseControllers.OwnedModel), "Owner")]
    [InlineData(typeof(LooseControllers.OwnedModel), "TryParse")]
    [InlineData(typeof(LooseControllers.RecordModel), "Tenant")]
    [InlineData(typeof(RouteModels.Nested), "Inner")]
    public async Task An_answer_for_nothing_stops_the_host(Type model, string member) => Assert.Contains(
        $"/{{tenant}}/notes has [DangerousAcceptMember(typeof({model}), \"{member}\")], which answers for nothing",
        await RefusedAsync(app => app.MapPost("/{tenant}/notes", Reads).RequireTenant("tenant")
            .WithMetadata(Answer("who wrote it"), new DangerousAcceptMemberAttribute(model, member, "why"))),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_where_no_route_value_is_compared_stops_the_host() => Assert.Contains(
        "answers for nothing",
        await RefusedAsync(app => app.MapPost("/{tenant}/notes", Reads).RequireContext().WithMetadata(Answer("who wrote it"))),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_for_another_route_value_stops_the_host() => Assert.Contains(
        "answers for nothing",
        await RefusedAsync(app => app.MapPost("/{company}/notes", Reads).RequireTenant("company").WithMetadata(Answer("who wrote it"))),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_that_another_endpoint_alone_needs_stops_the_host() => Assert.Contains(
        "/{tenant}/drafts has [DangerousAcceptMember",
        await RefusedAsync(app =>
        {
            app.MapPost("/{tenant}/notes", Reads).RequireTenant("tenant").WithMetadata(Answer("who wrote it"));
            app.MapPost("/{tenant}/drafts", (RouteModels.Plain body) => body.Text).RequireTenant("tenant")
                .WithMetadata(Answer("who wrote it"));
        }),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_on_a_controller_is_for_those_of_its_actions_that_need_it()
    {
        await using var host = await RouteHost.StartAsync(typeof(Controllers), nameof(Controllers.Answered));
        Assert.Equal([Owner], Counted(host));
    }

    [Fact]
    public async Task An_answer_on_a_controller_whose_actions_need_none_stops_the_host() => Assert.Contains(
        "answers for nothing",
        await RouteHost.RefusedStartAsync(() => RouteHost.StartAsync(typeof(Controllers), nameof(Controllers.Unneeded))),
        StringComparison.Ordinal);

    private static DangerousAcceptMemberAttribute Answer(string reason) => new(typeof(LooseControllers.OwnedModel), "Tenant", reason);

    private static Task<string> RefusedAsync(Action<WebApplication> map) => RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(map));

    private static IEnumerable<Microsoft.Extensions.Logging.Testing.FakeLogRecord> WeakeningsOf(MeshHost host) =>
        host.Logs.GetSnapshot().Where(log => log.Id.Name == "EndpointCheckWeakened");

    private static string[] Counted(MeshHost host)
    {
        using var gauge = new MetricCollector<int>(
            host.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), AuthzEndpointsTelemetry.MeterName,
            "zerotrust.weakenings");
        gauge.RecordObservableInstruments();
        return [.. gauge.GetMeasurementSnapshot().Where(measured => measured.Value == 1).Select(
            measured => (string)measured.Tags["zerotrust.weakening"]!)];
    }

    private static class Controllers
    {
        [ApiController]
        [RequireTenant("tenant")]
        [DangerousAcceptMember(typeof(LooseControllers.OwnedModel), "Tenant", "who wrote it")]
        internal sealed class Answered : ControllerBase
        {
            [HttpPost("/{tenant}/notes")]
            public string? Write(RouteModels.Nested model) => model.Inner?.Tenant;

            [HttpGet("/{tenant}/notes")]
            public string Read([FromRoute] string tenant) => tenant;
        }

        [ApiController]
        [RequireTenant("tenant")]
        [DangerousAcceptMember(typeof(LooseControllers.OwnedModel), "Tenant", "who wrote it")]
        internal sealed class Unneeded : ControllerBase
        {
            [HttpGet("/{tenant}/notes")]
            public string Read([FromRoute] string tenant) => tenant;
        }
    }
}
