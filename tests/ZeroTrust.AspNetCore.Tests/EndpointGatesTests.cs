using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore.Tests;

public sealed class EndpointGatesTests
{
    private static readonly RoutePattern Pattern = RoutePatternFactory.Parse("/orders/{id}");

    [Fact]
    public async Task An_endpoint_keeps_everything_but_its_delegate_and_is_the_same_each_time()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener());
        var gates = host.Services.GetRequiredService<EndpointGates>();
        var endpoint = new RouteEndpoint(_ => Task.CompletedTask, Pattern, 7, new EndpointMetadataCollection(new AllowPublicAttribute("test")), "orders");
        var guarded = Assert.IsType<RouteEndpoint>(gates.Guard(endpoint));

        Assert.NotSame(endpoint.RequestDelegate, guarded.RequestDelegate);
        Assert.Equal((Pattern, 7, "orders"), (guarded.RoutePattern, guarded.Order, guarded.DisplayName));
        Assert.Same(endpoint.Metadata, guarded.Metadata);
        Assert.Same(guarded, gates.Guard(endpoint));
        Assert.Same(guarded, gates.Guard(guarded));
    }

    [Fact]
    public async Task An_endpoint_that_borrows_a_guarded_delegate_is_guarded_itself()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener());
        var gates = host.Services.GetRequiredService<EndpointGates>();
        var guarded = gates.Guard(new Endpoint(_ => Task.CompletedTask, EndpointMetadataCollection.Empty, "closed"));
        var borrower = new Endpoint(guarded.RequestDelegate, new EndpointMetadataCollection(new AllowPublicAttribute("test")), "open");

        Assert.NotSame(borrower, gates.Guard(borrower));
    }

    [Fact]
    public async Task An_endpoint_that_runs_nothing_is_left_alone()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener());
        var endpoint = new Endpoint(requestDelegate: null, EndpointMetadataCollection.Empty, "nothing");

        Assert.Same(endpoint, host.Services.GetRequiredService<EndpointGates>().Guard(endpoint));
    }

    [Fact]
    public async Task A_call_on_a_connection_that_had_one_costs_no_allocation()
    {
        await using var host = await TestHost.StartAsync(TestHost.ProbeListener());
        var ran = 0;
        var accepted = Verdict.Accept<IEndpointDecision>(new AllowPublicAttribute("test"));
        var endpoint = new RouteEndpoint(
            _ =>
            {
                ran++;
                return Task.CompletedTask;
            },
            Pattern,
            0,
            new EndpointMetadataCollection(new AllowPublicAttribute("test"), new ListenerRoleMetadata(ListenerRoles.Probe)),
            "orders");
        var app = new ApplicationBuilder(host.Services);
        app.UseMiddleware<ResponseGuardMiddleware>();
        app.Run(context =>
        {
            context.SetEndpoint(endpoint);
            var call = GuardedCall.Of(context)!;
            call.ProveListener();
            call.Decided(accepted);
            _ = call.Admit();
            return context.GetEndpoint()!.RequestDelegate!(context);
        });
        var pipeline = app.Build();
        var context = new DefaultHttpContext(new ServerFeatures());
        var server = new ServerState(context);
        server.Call(pipeline);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            server.Call(pipeline);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1001, ran);
        Assert.True(allocated < 1000, $"{allocated} bytes for 1000 calls");
    }

    /// <summary>What a server does between two calls of a connection.</summary>
    private sealed class ServerState(HttpContext context)
    {
        private readonly HttpResponseFeature _response = new();
        private readonly StreamResponseBodyFeature _body = new(Stream.Null);

        public void Call(RequestDelegate pipeline)
        {
            context.Features.Set<IEndpointFeature>(null);
            context.Features.Set<IHttpResponseFeature>(_response);
            context.Features.Set<IHttpResponseBodyFeature>(_body);
            Assert.True(pipeline(context).IsCompletedSuccessfully);
        }
    }

    /// <summary>One collection for all calls of a connection, as Kestrel has it.</summary>
    private sealed class ServerFeatures : IFeatureCollection
    {
        private readonly FeatureCollection _features = new();

        public bool IsReadOnly => false;

        public int Revision => _features.Revision;

        public object? this[Type key]
        {
            get => _features[key];
            set => _features[key] = value;
        }

        public TFeature? Get<TFeature>() => (TFeature?)_features[typeof(TFeature)];

        public void Set<TFeature>(TFeature? instance) => _features[typeof(TFeature)] = instance;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
