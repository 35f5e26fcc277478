using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using System.Xml.Schema;
using System.Xml.Serialization;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Models and values that code of the application reads. None has a member that is called like the route value.</summary>
public static class ConvertedModels
{
    [JsonConverter(typeof(Reading<ByField>))]
    public sealed class ByField
    {
#pragma warning disable CA1051 // As applications have it.
        public string? Org;
#pragma warning restore CA1051
    }

    public sealed class Plain
    {
        public string? Org { get; set; }
    }

    [JsonConverter(typeof(Reading<Made>))]
    public sealed class Made(string org, int level)
    {
        public string Org { get; } = org;

        public int Level { get; } = level;
    }

    [JsonConverter(typeof(Reading<Shape>))]
    public abstract record Shape;

    [JsonConverter(typeof(Reading<Animal>))]
    public class Animal;

    public sealed class Holding
    {
        public ByField? Inner { get; set; }
    }

    public sealed class HoldingOnMember
    {
        [JsonConverter(typeof(Reading<Plain>))]
        public Plain? Inner { get; set; }
    }

    public sealed class HoldingList
    {
        [JsonConverter(typeof(Reading<List<Plain>>))]
        public List<Plain>? Inner { get; set; }
    }

    [JsonConverter(typeof(Reading<Id>))]
    public record struct Id(int Value);

    [JsonConverter(typeof(Reading<Name>))]
    public sealed record Name(string Value);

    [JsonConverter(typeof(Reading<Point>))]
    public sealed class Point
    {
        public double Latitude { get; set; }

        public double Longitude { get; set; }
    }

    [JsonConverter(typeof(Reading<Money>))]
    public readonly record struct Money
    {
        public Money(decimal amount, string currency) => (Amount, Currency) = (amount, currency);

        public decimal Amount { get; }

        public string Currency { get; }
    }

    [JsonConverter(typeof(Reading<Status>))]
    public sealed class Status
    {
        public static readonly Status Open = new("open", 1);

        private Status(string name, int value) => (Name, Value) = (name, value);

        public string Name { get; }

        public int Value { get; }
    }

    [JsonConverter(typeof(JsonStringEnumConverter))]
    public enum Kind
    {
        None,
        Some,
    }

    public sealed class Values
    {
        public Id Id { get; set; }

        public Id? Other { get; set; }

        public Name? Name { get; set; }

        public Point? Where { get; set; }

        public Money Price { get; set; }

        public Status? Status { get; set; }

        public Kind Kind { get; set; }

        public List<Id>? Ids { get; set; }

        [JsonConverter(typeof(Reading<List<string>>))]
        public List<string>? Tags { get; set; }
    }

    [Newtonsoft.Json.JsonConverter(typeof(NewtonsoftReading))]
    public sealed class ByNewtonsoft
    {
        public string? Org { get; set; }
    }

    public sealed class ItemsByNewtonsoft
    {
        [Newtonsoft.Json.JsonProperty(ItemConverterType = typeof(NewtonsoftReading))]
        public List<Plain>? Items { get; set; }
    }

    [Newtonsoft.Json.JsonConverter(typeof(NewtonsoftReading))]
    public sealed record NameByNewtonsoft(string Value);

    public sealed class ValuesByNewtonsoft
    {
        public NameByNewtonsoft? Name { get; set; }

        [Newtonsoft.Json.JsonConverter(typeof(Newtonsoft.Json.Converters.StringEnumConverter))]
        public DayOfWeek Day { get; set; }
    }

    [Serializable]
    public sealed class BySerializationInfo : ISerializable
    {
        public BySerializationInfo()
        {
        }

        private BySerializationInfo(SerializationInfo info, StreamingContext context) => Org = info.GetString("tenant");

        public string? Org { get; set; }

        public void GetObjectData(SerializationInfo info, StreamingContext context) => info.AddValue("tenant", Org);
    }

    public sealed class ByXml : IXmlSerializable
    {
        public string? Org { get; set; }

        public XmlSchema? GetSchema() => null;

        public void ReadXml(XmlReader reader) => Org = reader.ReadElementString("tenant");

        public void WriteXml(XmlWriter writer) => writer.WriteElementString("tenant", Org);
    }

    public sealed class Reading<T> : JsonConverter<T>
    {
        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return default;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    public sealed class NewtonsoftReading : Newtonsoft.Json.JsonConverter
    {
        public override bool CanConvert(Type objectType) => true;

        public override object? ReadJson(
            Newtonsoft.Json.JsonReader reader, Type objectType, object? existingValue, Newtonsoft.Json.JsonSerializer serializer) => null;

        public override void WriteJson(Newtonsoft.Json.JsonWriter writer, object? value, Newtonsoft.Json.JsonSerializer serializer) =>
            writer.WriteNull();
    }
}
