using System.Runtime.Serialization;
using System.Xml.Serialization;
using Microsoft.AspNetCore.Mvc;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using JsonNet = System.Text.Json.Serialization;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Actions whose models say to one reader of bodies, or to each, what is left out.</summary>
internal static class BodyControllers
{
    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class LeftOutOfJson : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(JsonModel model) => model.Tenant ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class LeftOutOfAll : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(EveryModel model) => model.Tenant ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class Renamed : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(RenamedModel model) => model.Owner ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class PrivatelySet : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(SetterModel model) => model.Tenant ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class PrivateField : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(PrivateModel model) => model.Read() ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class Converted : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(ConvertedModel model) => model.Tenant ?? "none";
    }

    [ApiController]
    [RequireTenant("tenant")]
    internal sealed class Named : ControllerBase
    {
        [HttpPost("/{tenant}/notes")]
        public string Read(OwnerModel model) => model.Owner ?? "none";
    }

    internal sealed class JsonModel
    {
        [JsonNet.JsonIgnore]
        public string? Tenant { get; set; }
    }

    internal sealed class EveryModel
    {
        [JsonNet.JsonIgnore]
        [JsonIgnore]
        [XmlIgnore]
        [IgnoreDataMember]
        public string? Tenant { get; set; }
    }

    internal sealed class RenamedModel
    {
        [JsonProperty("tenant")]
        public string? Owner { get; set; }
    }

    internal sealed class SetterModel
    {
        [JsonProperty]
        public string? Tenant { get; private set; }
    }

    internal sealed class PrivateModel
    {
        [JsonProperty("tenant")]
        private string? _owner = null;

        public string? Read() => _owner;
    }

    internal sealed class OwnerModel
    {
        public string? Owner { get; set; }
    }

    [JsonConverter(typeof(Converter))]
    internal sealed class ConvertedModel
    {
        [JsonIgnore]
        public string? Tenant { get; set; }
    }

    internal sealed class Converter : JsonConverter<ConvertedModel>
    {
        public override ConvertedModel ReadJson(
            JsonReader reader, Type objectType, ConvertedModel? existingValue, bool hasExistingValue, JsonSerializer serializer) =>
            new() { Tenant = (string?)JObject.Load(reader)["tenant"] };

        public override void WriteJson(JsonWriter writer, ConvertedModel? value, JsonSerializer serializer) => writer.WriteNull();
    }
}
