using System.Runtime.Serialization;
using System.Text.Json.Serialization;
using System.Xml.Serialization;
using Newtonsoft.Json.Linq;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Models that one reader of bodies fills in and others do not.</summary>
internal static class MemberModels
{
    public sealed class Element
    {
        [XmlElement("tenant")]
        public string? Owner { get; set; }
    }

    public sealed class Attributed
    {
        [XmlAttribute("tenant")]
        public string? Owner { get; set; }
    }

    public sealed class Listed
    {
        [XmlArray("tenant")]
        public string[]? Owners { get; set; }
    }

    [XmlInclude(typeof(Included))]
    public class Including
    {
        public string? Text { get; set; }
    }

    public sealed class Included : Including
    {
        public string? Tenant { get; set; }
    }

    [KnownType(typeof(Known))]
    public class Knowing
    {
        public string? Text { get; set; }
    }

    public sealed class Known : Knowing
    {
        public string? Tenant { get; set; }
    }

    [DataContract]
    public sealed class Contracted
    {
        [DataMember(Name = "tenant")]
        public string? Owner { get; set; }
    }

    [DataContract]
    public sealed class PrivatelySet
    {
        [DataMember]
        [JsonIgnore]
        public string? Tenant { get; private set; }
    }

    [DataContract]
    public sealed class PrivateProperty
    {
        [DataMember(Name = "tenant")]
        private string? Owner { get; set; }

        public string? Read() => Owner;
    }

    [DataContract]
    public sealed class PrivateField
    {
        [DataMember(Name = "tenant")]
        private string? _owner = null;

        public string? Read() => _owner;
    }

    public sealed class IncludedField
    {
        [JsonInclude]
        [JsonPropertyName("tenant")]
        private string? _owner = null;

        public string? Read() => _owner;
    }

    public sealed class Made(string owner)
    {
        public string Owner { get; } = owner;
    }

    public sealed class MadeAndKept
    {
        private readonly string? _kept;

        public MadeAndKept(string owner) => _kept = owner;

        public string? Read() => _kept;
    }

    public sealed class Ignored
    {
        [JsonIgnore]
        [Newtonsoft.Json.JsonIgnore]
        public string? Tenant { get; set; }
    }

    public sealed class WithConverted
    {
        [Newtonsoft.Json.JsonConverter(typeof(IgnoredConverter))]
        public Ignored? Inner { get; set; }
    }

    public sealed class IgnoredConverter : Newtonsoft.Json.JsonConverter<Ignored>
    {
        public override Ignored ReadJson(
            Newtonsoft.Json.JsonReader reader,
            Type objectType,
            Ignored? existingValue,
            bool hasExistingValue,
            Newtonsoft.Json.JsonSerializer serializer) =>
            new() { Tenant = (string?)JToken.Load(reader) };

        public override void WriteJson(
            Newtonsoft.Json.JsonWriter writer, Ignored? value, Newtonsoft.Json.JsonSerializer serializer) => writer.WriteNull();
    }
}
