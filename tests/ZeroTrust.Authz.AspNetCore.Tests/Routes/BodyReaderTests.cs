using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Newtonsoft.Json.Serialization;
using ZeroTrust.Authz.Tests.Mesh;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>A member is out of bodies when everything that reads bodies leaves it out.</summary>
public sealed class BodyReaderTests
{
    internal static readonly Dictionary<string, Action<IMvcBuilder>> Readers = new(StringComparer.Ordinal)
    {
        ["json"] = _ => { },
        ["json with names"] = mvc => mvc.AddJsonOptions(json => json.JsonSerializerOptions.PropertyNamingPolicy = new OwnerAsTenant()),
        ["newtonsoft"] = mvc => mvc.AddNewtonsoftJson(),
        ["newtonsoft with names"] = mvc => mvc.AddNewtonsoftJson(
            json => json.SerializerSettings.ContractResolver = new DefaultContractResolver { NamingStrategy = new OwnerNamedTenant() }),
        ["newtonsoft with a converter"] = mvc => mvc.AddNewtonsoftJson(
            json => json.SerializerSettings.Converters.Add(new MemberModels.IgnoredConverter())),
        ["xml"] = mvc => mvc.AddXmlSerializerFormatters(),
        ["data contracts"] = mvc => mvc.AddXmlDataContractSerializerFormatters(),
        ["one derived from json"] = mvc => mvc.AddMvcOptions(options => options.InputFormatters.Add(new DerivedReader())),
        ["one derived from json alone"] = mvc => mvc.AddMvcOptions(options =>
        {
            options.InputFormatters.Clear();
            options.InputFormatters.Add(new DerivedReader());
        }),
        ["an unknown one"] = mvc => mvc.AddMvcOptions(options => options.InputFormatters.Add(new UnknownReader())),
        ["none"] = mvc => mvc.AddMvcOptions(options => options.InputFormatters.Clear()),
    };

    [Theory]
    [InlineData("LeftOutOfJson", "newtonsoft")]
    [InlineData("LeftOutOfJson", "xml")]
    [InlineData("LeftOutOfJson", "data contracts")]
    [InlineData("LeftOutOfJson", "one derived from json")]
    [InlineData("LeftOutOfJson", "none")]
    [InlineData("LeftOutOfAll", "an unknown one")]
    [InlineData("Renamed", "newtonsoft")]
    [InlineData("PrivatelySet", "newtonsoft")]
    [InlineData("PrivateField", "newtonsoft")]
    [InlineData("Converted", "newtonsoft")]
    [InlineData("Named", "newtonsoft with names")]
    [InlineData("Named", "json with names")]
    public async Task A_member_that_one_reader_of_bodies_fills_in_stops_the_host(string controller, string reader) =>
        Assert.Contains(
            "which the caller fills in",
            await RouteHost.RefusedStartAsync(() => RouteHost.StartAsync(typeof(BodyControllers), controller, Readers[reader])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("LeftOutOfJson", "json", "none")]
    [InlineData("LeftOutOfAll", "json", "none")]
    [InlineData("LeftOutOfAll", "newtonsoft", "none")]
    [InlineData("LeftOutOfAll", "xml", "none")]
    [InlineData("LeftOutOfAll", "data contracts", "none")]
    [InlineData("Renamed", "json", "mine")]
    [InlineData("Named", "newtonsoft", "mine")]
    public async Task A_member_that_no_reader_of_bodies_fills_in_passes(string controller, string reader, string expected)
    {
        await using var host = await RouteHost.StartAsync(typeof(BodyControllers), controller, Readers[reader]);
        var gateway = host.Peer(MeshHost.Gateway);
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/acme/notes").With(gateway.Send());
        request.Content = new StringContent("""{"tenant":"other","owner":"mine"}""", Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(
            $"200 {expected}",
            $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private sealed class OwnerAsTenant : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name == "Owner" ? "tenant" : name;
    }

    private sealed class OwnerNamedTenant : NamingStrategy
    {
        protected override string ResolvePropertyName(string name) =>
            string.Equals(name, "Owner", StringComparison.OrdinalIgnoreCase) ? "tenant" : name;
    }

    private sealed class DerivedReader()
        : SystemTextJsonInputFormatter(new JsonOptions(), NullLogger<SystemTextJsonInputFormatter>.Instance);

    private sealed class UnknownReader : IInputFormatter
    {
        public bool CanRead(InputFormatterContext context) => false;

        public Task<InputFormatterResult> ReadAsync(InputFormatterContext context) => InputFormatterResult.NoValueAsync();
    }
}
