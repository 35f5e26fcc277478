using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Models that an action binds from the route: their members are bound from it, unless they say something else.</summary>
public sealed class RouteModelTests
{
    [Theory]
    [InlineData(typeof(Action<Named>))]
    [InlineData(typeof(Action<Called>))]
    [InlineData(typeof(Action<Record>))]
    [InlineData(typeof(Action<BesideAQuery>))]
    public async Task A_member_that_is_bound_from_the_route_gets_the_routes_tenant(Type controller)
    {
        await using var host = await RouteHost.StartAsync(controller);
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/acme/notes?tenant=other&T0=other&model.tenant=other&model.T0=other&Tenant=other").With(gateway.Send());
        request.Content = new FormUrlEncodedContent([new("tenant", "other"), new("model.tenant", "other"), new("T0", "other")]);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("acme", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(typeof(Action<FromQueryBeside>), "'model.Org'")]
    [InlineData(typeof(Action<QueryRecord>), "'model.Org'")]
    [InlineData(typeof(Action<OtherValue>), "'model.Tenant'")]
    [InlineData(typeof(Action<Bound>), "'model.T0'")]
    [InlineData(typeof(Action<Outer>), "'model.Inner.T0'")]
    [InlineData(typeof(Action<Named[]>), "'model.T0'")]
    [InlineData(typeof(Prefixed), "'model.T0'")]
    [InlineData(typeof(NamedPrefix), "'model.T0'")]
    [InlineData(typeof(FromAnywhere), "'model.T0'")]
    [InlineData(typeof(FromAQuery), "'model.Org'")]
    public async Task A_member_that_may_have_another_value_stops_the_host_by_its_name(Type controller, string member) => Assert.Contains(
        member, await RouteHost.RefusedStartAsync(() => RouteHost.StartAsync(controller)), StringComparison.Ordinal);

    internal abstract class Tenanted
    {
        public abstract string? Read();
    }

    internal sealed class Named : Tenanted
    {
        [FromRoute(Name = "tenant")]
        public string? T0 { get; set; }

        public override string? Read() => T0;
    }

    internal sealed class Called : Tenanted
    {
        public string? Tenant { get; set; }

        public override string? Read() => Tenant;
    }

    internal sealed record Record([FromRoute(Name = "tenant")] string T0)
    {
        public override string ToString() => T0;
    }

    internal sealed class BesideAQuery : Tenanted
    {
        [FromRoute(Name = "tenant")]
        public string? T0 { get; set; }

        [FromQuery]
        public int Page { get; set; }

        public override string? Read() => T0;
    }

    internal sealed class FromQueryBeside
    {
        [FromRoute(Name = "tenant")]
        public string? T0 { get; set; }

        [FromQuery(Name = "tenant")]
        public string? Org { get; set; }
    }

    internal sealed record QueryRecord([FromQuery(Name = "tenant")] string Org);

    internal sealed class OtherValue
    {
        [FromRoute(Name = "other")]
        public string? Tenant { get; set; }
    }

    internal sealed class Bound
    {
        [ModelBinder(typeof(TheirBinder), Name = "tenant")]
        public string? T0 { get; set; }
    }

    internal sealed class Outer
    {
        public Named? Inner { get; set; }
    }

    internal sealed class TheirBinder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext) => Task.CompletedTask;
    }

    [RequireTenant("tenant")]
    internal sealed class Action<T> : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromRoute] T model) => model is Tenanted tenanted ? tenanted.Read() : model?.ToString();
    }

    [RequireTenant("tenant")]
    internal sealed class Prefixed : ControllerBase
    {
        [HttpPost("/{tenant}/notes/{model.tenant}")]
        public string? Read([FromRoute] Named model) => model.T0;
    }

    [RequireTenant("tenant")]
    internal sealed class NamedPrefix : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromRoute(Name = "model")] Named model) => model.T0;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAnywhere : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read(Named model) => model.T0;
    }

    [RequireTenant("tenant")]
    internal sealed class FromAQuery : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromQuery] QueryRecord model) => model.Org;
    }
}
