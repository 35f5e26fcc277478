using Microsoft.AspNetCore.Mvc;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>
/// Each reader of bodies has its own attributes for names, for what else is filled in and for what may stand in its place.
/// </summary>
public sealed class MemberReaderTests
{
    [Theory]
    [InlineData(typeof(MemberModels.Element), "xml")]
    [InlineData(typeof(MemberModels.Attributed), "xml")]
    [InlineData(typeof(MemberModels.Listed), "xml")]
    [InlineData(typeof(MemberModels.Including), "xml")]
    [InlineData(typeof(MemberModels.Knowing), "data contracts")]
    [InlineData(typeof(MemberModels.Contracted), "data contracts")]
    [InlineData(typeof(MemberModels.PrivatelySet), "data contracts")]
    [InlineData(typeof(MemberModels.PrivateProperty), "data contracts")]
    [InlineData(typeof(MemberModels.PrivateField), "data contracts")]
    [InlineData(typeof(MemberModels.IncludedField), "one derived from json alone")]
    [InlineData(typeof(LooseControllers.BaseModel), "one derived from json alone")]
    [InlineData(typeof(MemberModels.Made), "newtonsoft with names")]
    [InlineData(typeof(MemberModels.MadeAndKept), "newtonsoft with names")]
    [InlineData(typeof(MemberModels.Made), "json with names")]
    [InlineData(typeof(MemberModels.WithConverted), "newtonsoft")]
    [InlineData(typeof(MemberModels.Ignored), "newtonsoft with a converter")]
    [InlineData(typeof(LooseControllers.OwnedModel[,]), "newtonsoft")]
    public async Task A_member_that_a_reader_fills_in_stops_the_host(Type model, string reader) => Assert.Contains(
        "which the caller fills in",
        await RouteHost.RefusedStartAsync(async () => await RouteHost.StartAsync(Reading(model), BodyReaderTests.Readers[reader])),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(MemberModels.PrivatelySet), "json")]
    [InlineData(typeof(MemberModels.Made), "newtonsoft")]
    [InlineData(typeof(MemberModels.MadeAndKept), "newtonsoft")]
    [InlineData(typeof(MemberModels.Made), "json")]
    [InlineData(typeof(MemberModels.WithConverted), "json")]
    [InlineData(typeof(MemberModels.Ignored), "newtonsoft")]
    public async Task One_that_only_other_readers_fill_in_passes(Type model, string reader)
    {
        await using var host = await RouteHost.StartAsync(Reading(model), BodyReaderTests.Readers[reader]);
    }

    private static Type Reading(Type model) => typeof(Reads<>).MakeGenericType(model);

    [ApiController]
    [RequireTenant("tenant")]
    private sealed class Reads<TModel> : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string? Read([FromBody] TModel model) => model?.ToString();
    }
}
