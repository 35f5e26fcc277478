using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using YamlDotNet.RepresentationModel;
using ZeroTrust.AspNetCore;
using ZeroTrust.HealthChecks;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The manifests that the guide shows, against the code: what a service maps, where it listens and how long it drains is what they count on.</summary>
public sealed partial class KubernetesGuideTests : IAsyncDisposable
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    private readonly OrdersPod _orders = new();

    public ValueTask DisposeAsync() => _orders.DisposeAsync();

    [Theory]
    [InlineData("startupProbe", "/healthz/startup")]
    [InlineData("livenessProbe", "/healthz/live")]
    [InlineData("readinessProbe", "/healthz/ready")]
    public void Http_probe_asks_its_own_question_at_a_path_that_is_on_probe_listeners(string probe, string path)
    {
        Assert.Equal(path, _orders.Container.Value(probe, "httpGet", "path"));
        Assert.Contains(
            ((IEndpointRouteBuilder)_orders.Service).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>(),
            endpoint => endpoint.RoutePattern.RawText == path && IsOnProbeListeners(endpoint));
    }

    [Theory]
    [InlineData("startupProbe", "startup")]
    [InlineData("livenessProbe", "live")]
    [InlineData("readinessProbe", "ready")]
    public async Task Grpc_probe_asks_its_own_question_of_a_service_that_health_knows(string probe, string service)
    {
        Assert.Equal(service, GrpcContainer().Value(probe, "grpc", "service"));
        await Ask(service);
        Assert.Contains(
            ((IEndpointRouteBuilder)_orders.Service).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>(),
            endpoint => endpoint.RoutePattern.RawText == "/grpc.health.v1.Health/Check" && IsOnProbeListeners(endpoint));
    }

    [Fact]
    public async Task A_service_that_health_does_not_know_would_be_noticed()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Ask("readiness"));

        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public void Probes_go_to_probe_listeners_of_their_protocol()
    {
        foreach (var probe in Probes)
        {
            Assert.Equal("Http1", ListenerAt(_orders.Ports[_orders.Container.Value(probe, "httpGet", "port")!]).Protocols);
            Assert.Equal("Http2", ListenerAt(GrpcContainer().Number(probe, "grpc", "port")).Protocols);
        }

        ListenerOptions ListenerAt(int port)
        {
            var listener = Assert.Single(_orders.Listeners.Values, listener => OrdersPod.PortIn(listener) == port);
            Assert.Equal(ListenerRole.Probe, listener.Role);
            return listener;
        }
    }

    [Fact]
    public void Grpc_probes_replace_the_http_probes_they_are_patched_over()
    {
        Assert.Equal(_orders.Container.Value("name"), GrpcContainer().Value("name"));
        Assert.All(Probes, probe => Assert.Equal("null", GrpcContainer().Value(probe, "httpGet")));
    }

    [Fact]
    public void Ports_are_those_of_the_listeners_and_reachable_beyond_the_pod()
    {
        Assert.Equal(_orders.Listeners.ToDictionary(listener => listener.Key, listener => OrdersPod.PortIn(listener.Value), StringComparer.Ordinal), _orders.Ports);
        Assert.All(_orders.Listeners.Values, listener => Assert.Equal("*", BindingAddress.Parse(listener.Url).Host));
    }

    [Fact]
    public void Grace_period_holds_the_whole_shutdown()
    {
        var health = _orders.Service.Services.GetRequiredService<IOptions<HealthOptions>>().Value;
        var host = _orders.Service.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        var before = TimeSpan.FromSeconds(_orders.Container.Find("lifecycle", "preStop") is { } hook ? hook.Number("sleep", "seconds") : 0);
        var grace = TimeSpan.FromSeconds(_orders.Pod.Number("terminationGracePeriodSeconds"));

        Assert.True(grace > before + health.PropagationDelay + health.DrainTimeout, $"{grace} does not hold the drain.");
        Assert.True(grace > before + host.ShutdownTimeout, $"{grace} does not hold the host's shutdown.");
    }

    [Fact]
    public void Startup_is_given_longer_than_a_critical_check_takes_and_readiness_is_noticed_before_it_is_stale()
    {
        var health = _orders.Service.Services.GetRequiredService<IOptions<HealthOptions>>().Value;

        Assert.True(TimeOf("startupProbe") > health.CheckTimeout + health.PollInterval);
        Assert.True(TimeOf("readinessProbe") < health.MaxStaleness);
        Assert.True(TimeOf("livenessProbe") > TimeOf("readinessProbe"));

        TimeSpan TimeOf(string probe) => TimeSpan.FromSeconds(_orders.Container.Number(probe, "periodSeconds") * _orders.Container.Number(probe, "failureThreshold"));
    }

    [Fact]
    public void Network_lets_the_peers_of_a_listener_reach_it_and_nobody_a_probe_port()
    {
        var policy = Manifests.Load("orders.yaml", "NetworkPolicy").Get("spec");
        var open = policy.Items("ingress").ToDictionary(
            rule => Assert.Single(rule.Items("ports")).Value("port")!,
            rule => rule.Items("from").Select(from => "spiffe://example.test/" + from.Value("podSelector", "matchLabels", "app")).ToList(),
            StringComparer.Ordinal);

        Assert.Equal("Ingress Egress", string.Join(' ', policy.Items("policyTypes")));
        Assert.Equal("management mesh", string.Join(' ', open.Keys.Order(StringComparer.Ordinal)));
        Assert.All(open, rule => Assert.Equal(_orders.Listeners[rule.Key].Peers, rule.Value));
        Assert.All(policy.Items("egress"), rule => Assert.NotEmpty(rule.Items("to")));
    }

    [Fact]
    public void Service_has_the_mesh_port_alone()
    {
        var port = Assert.Single(Manifests.Load("orders.yaml", "Service").Items("spec", "ports"));

        Assert.Equal(ListenerRole.Mesh, _orders.Listeners[port.Value("targetPort")!].Role);
    }

    [Fact]
    public void Everything_selects_the_pods_of_the_deployment()
    {
        var deployment = Manifests.Load("orders.yaml", "Deployment");
        var app = deployment.Value("spec", "template", "metadata", "labels", "app");

        Assert.Equal(app, deployment.Value("spec", "selector", "matchLabels", "app"));
        Assert.Equal(app, Manifests.Load("orders.yaml", "Service").Value("spec", "selector", "app"));
        Assert.Equal(app, Manifests.Load("orders.yaml", "NetworkPolicy").Value("spec", "podSelector", "matchLabels", "app"));
        Assert.Equal(app, Manifests.Load("orders.yaml", "PodDisruptionBudget").Value("spec", "selector", "matchLabels", "app"));
    }

    [Fact]
    public void Rollout_and_eviction_leave_a_replica()
    {
        var deployment = Manifests.Load("orders.yaml", "Deployment").Get("spec");

        Assert.Equal(0, deployment.Number("strategy", "rollingUpdate", "maxUnavailable"));
        Assert.True(deployment.Number("replicas") > Manifests.Load("orders.yaml", "PodDisruptionBudget").Number("spec", "maxUnavailable"));
    }

    [Fact]
    public void Guide_shows_every_marked_part_of_the_files()
    {
        var guide = Repository.Read("docs", "guides", "kubernetes.md");
        var parts = Manifests.Files.SelectMany(file => Part().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).ToList();

        Assert.NotEmpty(parts);
        Assert.All(parts, part => Assert.Contains($"<!-- snippet: {part} -->", guide, StringComparison.Ordinal));
    }

    private static YamlNode GrpcContainer() => Manifests.Load("grpc-probes.yaml").Single().Get("spec", "template", "spec", "containers", "0");

    private static bool IsOnProbeListeners(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IListenerRoleMetadata>() is { } listeners && listeners.Roles.HasFlag(ListenerRoles.Probe);

    /// <summary>Calls the product's own health service without a connection; it reads the request and nothing else.</summary>
    private async Task Ask(string service)
    {
        var type = typeof(HealthOptions).Assembly.GetType("ZeroTrust.HealthChecks.Internal.GrpcHealthService", throwOnError: true)!;
        var health = (Health.HealthBase)_orders.Service.Services.GetRequiredService(type);
        var answer = await health.Check(new HealthCheckRequest { Service = service }, context: null!);
        Assert.NotEqual(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, answer.Status);
    }

    [GeneratedRegex("# snippet: (?<name>\\w+)", RegexOptions.None, 1000)]
    private static partial Regex Part();
}
