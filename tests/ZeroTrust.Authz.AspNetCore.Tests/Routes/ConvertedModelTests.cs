using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Code of the application that reads a model may put what is called like the route value into any member of it.</summary>
public sealed class ConvertedModelTests
{
    private static readonly Dictionary<string, (Delegate Handler, JsonConverter? Converter, string Code)> Loose = new(StringComparer.Ordinal)
    {
        ["a converter on the type"] = ((ConvertedModels.ByField body) => body.Org, null, "'body' (ByField)"),
        ["a converter in the options"] =
            ((ConvertedModels.Plain body) => body.Org, new ConvertedModels.Reading<ConvertedModels.Plain>(), "'body' (Plain)"),
        ["a converter of a list in the options"] = (
            (List<ConvertedModels.Plain> body) => body.Count, new ConvertedModels.Reading<List<ConvertedModels.Plain>>(), "'body' (Plain)"),
        ["a nested model"] = ((ConvertedModels.Holding body) => body.Inner?.Org, null, "'body.Inner' (ByField)"),
        ["a list of them"] = ((ConvertedModels.ByField[] body) => body.Length, null, "'body' (ByField)"),
        ["a converter on a member"] = ((ConvertedModels.HoldingOnMember body) => body.Inner?.Org, null, "'body.Inner' (Plain)"),
        ["a converter of a list on a member"] = ((ConvertedModels.HoldingList body) => body.Inner?.Count, null, "'body.Inner' (Plain)"),
        ["one that is made at once"] = ((ConvertedModels.Made body) => body.Org, null, "'body' (Made)"),
        ["an abstract one"] = ((ConvertedModels.Shape body) => body.ToString(), null, "'body' (Shape)"),
        ["one that others derive from"] = ((ConvertedModels.Animal body) => body.ToString(), null, "'body' (Animal)"),
    };

    public static TheoryData<string> LooseNames => [.. Loose.Keys];

    [Theory]
    [MemberData(nameof(LooseNames))]
    public async Task A_model_that_a_converter_fills_in_stops_the_host(string handler)
    {
        var (map, converter, path) = Loose[handler];
        var refusal = await RouteHost.RefusedStartAsync(() => StartAsync(map, converter));
        Assert.Contains(path, refusal, StringComparison.Ordinal);
        Assert.Contains("\"JsonConverter\"", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_converters_read_pass()
    {
        await using var host = await StartAsync((ConvertedModels.Values body) => body.Ids?.Count);
        await using var alone = await StartAsync((ConvertedModels.Id body) => body.Value);
    }

    [Fact]
    public async Task A_model_that_no_endpoint_compares_a_tenant_for_passes()
    {
        await using var host = await MeshHost.StartAsync(
            app => app.MapPost("/notes", (ConvertedModels.ByField body) => body.Org).RequireContext());
    }

    [Fact]
    public async Task A_converter_is_answered_for_by_its_model()
    {
        await using var host = await StartAsync(
            [DangerousAcceptMember(typeof(ConvertedModels.ByField), "JsonConverter", "reads names alone")] (ConvertedModels.Holding body) => body.Inner?.Org);
        var refusal = await RouteHost.RefusedStartAsync(() => StartAsync(
            [DangerousAcceptMember(typeof(ConvertedModels.Id), "JsonConverter", "not needed")] (ConvertedModels.Values body) => body.Id.Value));
        Assert.Contains("answers for nothing", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(Body<ConvertedModels.ByField>), "json", "JsonConverter")]
    [InlineData(typeof(Body<ConvertedModels.ByNewtonsoft>), "newtonsoft", "JsonConverter")]
    [InlineData(typeof(Body<ConvertedModels.ItemsByNewtonsoft>), "newtonsoft", "JsonConverter")]
    [InlineData(typeof(Body<ConvertedModels.BySerializationInfo>), "newtonsoft", "ISerializable")]
    [InlineData(typeof(Body<ConvertedModels.BySerializationInfo>), "data contracts", "ISerializable")]
    [InlineData(typeof(Body<ConvertedModels.ByXml>), "xml", "IXmlSerializable")]
    [InlineData(typeof(Body<ConvertedModels.ByXml>), "data contracts", "IXmlSerializable")]
    public async Task A_model_that_reads_itself_for_one_reader_of_bodies_stops_the_host(Type controller, string reader, string code) =>
        Assert.Contains(
            $"\"{code}\"",
            await RouteHost.RefusedStartAsync(() => RouteHost.StartAsync(controller, BodyReaderTests.Readers[reader])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(Body<ConvertedModels.ByNewtonsoft>), "json")]
    [InlineData(typeof(Body<ConvertedModels.BySerializationInfo>), "json")]
    [InlineData(typeof(Body<ConvertedModels.ByXml>), "newtonsoft")]
    [InlineData(typeof(Body<ConvertedModels.ValuesByNewtonsoft>), "newtonsoft")]
    [InlineData(typeof(Body<ConvertedModels.Values>), "json")]
    public async Task A_model_that_no_reader_of_bodies_has_code_for_passes(Type controller, string reader)
    {
        await using var host = await RouteHost.StartAsync(controller, BodyReaderTests.Readers[reader]);
    }

    private static Task<MeshHost> StartAsync(Delegate handler, JsonConverter? converter = null) => MeshHost.StartAsync(
        app => RouteHandlers.Map(app, handler),
        builder => builder.Services.ConfigureHttpJsonOptions(json =>
        {
            if (converter is not null)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        }));

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class Body<T> : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(string tenant, [FromBody] T body) => tenant + body;
    }
}
