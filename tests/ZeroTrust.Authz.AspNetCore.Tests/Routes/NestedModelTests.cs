using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Models are looked through, and what is something else is named.</summary>
public sealed class NestedModelTests
{
    private static readonly Dictionary<string, Delegate> Sound = new(StringComparer.Ordinal)
    {
        ["a plain model"] = (RouteModels.Plain body) => body.Text,
        ["a list of plain models"] = (List<RouteModels.Plain> body) => body.Count,
        ["a model that names itself"] = (RouteModels.SelfReferring body) => body.Children.Count,
        ["a nested model that leaves it out"] = (RouteModels.NestedLeftOut body) => body.Inner?.Tenant,
        ["a model with one that is only read"] = (RouteModels.Read body) => body.Computed.Tenant,
        ["a model that is only answered"] = (string tenant) => new RouteModels.Nested { Inner = new() { Tenant = tenant } },
        ["an untyped body"] = (JsonElement body) => body.ToString(),
        ["a file and a token"] = (IFormFile file, CancellationToken token, string tenant) => file.Name + token.IsCancellationRequested + tenant,
        ["a number"] = (int tenant) => tenant,
        ["a Guid"] = (Guid tenant) => tenant,
        ["a parsed value of another name"] = (RouteHandlers.ParsedTenant other, string tenant) => other.Name + tenant,
        ["code that binds, and the context"] = (RouteHandlers.BoundNote note, AuthzContext context) => context.Tenant + note.Text,
        ["a nested member that is answered for"] = [DangerousAcceptMember(typeof(LooseControllers.OwnedModel), "Tenant", "the owner of the note")] (RouteModels.Twice body) => body.Outer?.Inner?.Tenant,
        ["a parser that is answered for"] = [DangerousAcceptMember(typeof(RouteHandlers.ParsedTenant), "TryParse", "keeps what it parsed")] (RouteHandlers.ParsedTenant tenant) => tenant.Name,
        ["code that is answered for"] = [DangerousAcceptMember(typeof(RouteHandlers.BoundNote), "BindAsync", "reads a header")] (RouteHandlers.BoundNote note, string tenant) => tenant + note.Text,
    };

    public static TheoryData<string> SoundNames => [.. Sound.Keys];

    [Theory]
    [MemberData(nameof(SoundNames))]
    public async Task A_handler_without_it_starts(string handler)
    {
        await using var host = await MeshHost.StartAsync(app => RouteHandlers.Map(app, Sound[handler]));
    }

    [Fact]
    public async Task The_path_and_the_member_are_named()
    {
        var refusal = await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(
            app => RouteHandlers.Map(app, (RouteModels.Wrapped<List<RouteModels.Twice>> body) => body.Value?.Count)));
        Assert.Contains("'body.Value.Outer.Inner.Tenant' (OwnedModel.Tenant)", refusal, StringComparison.Ordinal);
        Assert.Contains("[DangerousAcceptMember]", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(LooseControllers.RecordModel), "Tenant")]
    [InlineData(typeof(LooseControllers.OwnedModel), "tenant")]
    [InlineData(typeof(RouteModels.Nested), "Inner")]
    public async Task A_member_is_answered_for_by_its_own_type_and_name(Type model, string member) =>
        Assert.Contains(
            "body.Inner.Tenant",
            await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(app => app.MapPost("/{tenant}/notes", (RouteModels.Nested body) => body.Inner?.Tenant)
                .RequireTenant("tenant").WithMetadata(new DangerousAcceptMemberAttribute(model, member, "something else")))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("", "why")]
    [InlineData("Tenant", " ")]
    public void An_answer_has_a_member_and_a_reason(string member, string reason) =>
        Assert.Throws<ArgumentException>(() => new DangerousAcceptMemberAttribute(typeof(RouteModels.Nested), member, reason));

    [Theory]
    [InlineData("names")]
    [InlineData("converter")]
    [InlineData("resolver")]
    public async Task Settings_of_json_that_fill_it_in_stop_the_host(string setting) =>
        Assert.Contains(
            "which the caller fills in",
            await RouteHost.RefusedStartAsync(() => MeshHost.StartAsync(
                app => app.MapPost("/{tenant}/notes", (RouteModels.Wrapped<Note> body) => body.Value?.Owner).RequireTenant("tenant"),
                builder => builder.Services.ConfigureHttpJsonOptions(json => Set(json.SerializerOptions, setting)))),
            StringComparison.Ordinal);

    [Fact]
    public async Task Settings_of_another_api_change_nothing()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapPost("/{tenant}/notes", (RouteModels.Wrapped<Note> body) => body.Value?.Owner).RequireTenant("tenant"),
            builder => builder.Services.Configure<Microsoft.AspNetCore.Mvc.JsonOptions>(json => Set(json.JsonSerializerOptions, "names")));
    }

    private static void Set(JsonSerializerOptions options, string setting)
    {
        switch (setting)
        {
            case "names":
                options.PropertyNamingPolicy = new OwnerAsTenant();
                break;
            case "converter":
                options.Converters.Add(new NoteConverter());
                break;
            default:
                options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Rename } };
                break;
        }
    }

    private static void Rename(JsonTypeInfo info)
    {
        foreach (var property in info.Properties.Where(property => string.Equals(property.Name, "owner", StringComparison.OrdinalIgnoreCase)))
        {
            property.Name = "tenant";
        }
    }

    internal sealed class Note
    {
        public string? Owner { get; set; }

        [System.Text.Json.Serialization.JsonIgnore]
        [System.Text.Json.Serialization.JsonPropertyName("unused")]
        public string? Tenant { get; set; }
    }

    private sealed class OwnerAsTenant : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name == "Owner" ? "tenant" : name;
    }

    private sealed class NoteConverter : System.Text.Json.Serialization.JsonConverter<Note>
    {
        public override Note Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new() { Tenant = reader.GetString() };

        public override void Write(Utf8JsonWriter writer, Note value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
