using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>What settings of System.Text.Json fill in without an attribute of the model.</summary>
public sealed class JsonSettingTests
{
    private static readonly Dictionary<string, (Delegate Handler, Action<JsonSerializerOptions> Set)> Cases = new(StringComparer.Ordinal)
    {
        ["a name of a constructor's parameter"] = (
            (MemberModels.Made body) => body.Owner, options => options.PropertyNamingPolicy = new OwnerAsTenant()),
        ["members that are added to"] = (
            (Kept body) => body.Items[0].Tenant, options => options.PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate),
        ["a converter of a member"] = ((RouteModels.NestedLeftOut body) => body.Inner?.Tenant, options => Modify(options, info =>
        {
            foreach (var property in info.Properties.Where(property => property.PropertyType == typeof(RouteModels.LeftOut)))
            {
                property.CustomConverter = new RouteModels.LeftOutConverter();
            }
        })),
        ["a type that a body may name"] = ((Open body) => body.Text, options => Modify(options, info =>
        {
            if (info.Type == typeof(Open))
            {
                info.PolymorphismOptions = new JsonPolymorphismOptions { DerivedTypes = { new JsonDerivedType(typeof(OpenOwned), "owned") } };
            }
        })),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_stops_the_host_and_passes_without_the_setting(string name)
    {
        var (handler, set) = Cases[name];
        var refusal = await RouteHost.RefusedStartAsync(() => StartAsync(handler, set));
        Assert.Contains("which the caller fills in", refusal, StringComparison.Ordinal);
        await using var host = await StartAsync(handler, _ => { });
    }

    [Theory]
    [InlineData("tenant_id")]
    [InlineData("tenant-id")]
    [InlineData("TENANTID")]
    public async Task A_route_value_is_found_as_naming_policies_write_it(string value) => Assert.Contains(
        "which the caller fills in",
        await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(
            app => app.MapPost($"/{{{value}}}/notes", (Identified body) => body.TenantId).RequireTenant(value))),
        StringComparison.Ordinal);

    private static Task<MeshHost> StartAsync(Delegate handler, Action<JsonSerializerOptions> set) => MeshHost.StartAsync(
        app => RouteHandlers.Map(app, handler),
        builder => builder.Services.Configure<JsonOptions>(json => set(json.SerializerOptions)));

    private static void Modify(JsonSerializerOptions options, Action<JsonTypeInfo> modify) =>
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { modify } };

    internal sealed class Kept
    {
        public List<LooseControllers.OwnedModel> Items { get; } = [];
    }

    internal class Open
    {
        public string? Text { get; set; }
    }

    internal sealed class OpenOwned : Open
    {
        public string? Tenant { get; set; }
    }

    internal sealed class Identified
    {
        public string? TenantId { get; set; }
    }

    private sealed class OwnerAsTenant : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name == "Owner" ? "tenant" : name;
    }
}
