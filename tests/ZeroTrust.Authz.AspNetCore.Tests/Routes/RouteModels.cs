using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace ZeroTrust.Authz.AspNetCore.Tests.Routes;

/// <summary>Models with models in them.</summary>
internal static class RouteModels
{
    internal sealed class Nested
    {
        public LooseControllers.OwnedModel? Inner { get; set; }
    }

    internal sealed class Twice
    {
        public Nested? Outer { get; set; }
    }

    internal sealed class Listed
    {
        public List<LooseControllers.OwnedModel> Items { get; set; } = [];
    }

    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    internal sealed class Populated
    {
        public List<LooseControllers.OwnedModel> Items { get; } = [];
    }

    internal sealed class Wrapped<T>
    {
        public T? Value { get; set; }
    }

    internal sealed class Looped
    {
        public Looped? Next { get; set; }

        public List<Looped> All { get; set; } = [];

        public LooseControllers.OwnedModel? Inner { get; set; }
    }

    internal sealed class SelfReferring
    {
        public SelfReferring? Parent { get; set; }

        public Dictionary<string, List<SelfReferring>> Children { get; set; } = [];
    }

    internal sealed class Held
    {
        public LooseControllers.OwnedModel Inner { get; } = new();
    }

    internal sealed class WithBody
    {
        [FromBody]
        public SoundControllers.NoteModel? Body { get; set; }
    }

    [JsonConverter(typeof(Converter))]
    internal sealed class Converted
    {
        [JsonIgnore]
        public string? Tenant { get; set; }
    }

    internal sealed class ConvertedMember
    {
        [JsonConverter(typeof(LeftOutConverter))]
        public LeftOut? Inner { get; set; }
    }

    internal sealed class LeftOut
    {
        [JsonIgnore]
        public string? Tenant { get; set; }
    }

    internal sealed class NestedLeftOut
    {
        public LeftOut? Inner { get; set; }

        [JsonIgnore]
        public LooseControllers.OwnedModel? Owner { get; set; }
    }

    internal sealed class Read
    {
        public LooseControllers.OwnedModel Computed => new();
    }

    internal sealed class Plain
    {
        public string? Text { get; set; }

        public Guid Id { get; init; }

        public DayOfWeek Day { get; set; }

        public Uri? Link { get; set; }

        public Dictionary<string, JsonElement>? Rest { get; set; }
    }

    internal sealed class Converter : JsonConverter<Converted>
    {
        public override Converted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new Converted { Tenant = document.RootElement.GetProperty("tenant").GetString() };
        }

        public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    internal sealed class LeftOutConverter : JsonConverter<LeftOut>
    {
        public override LeftOut Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new() { Tenant = reader.GetString() };

        public override void Write(Utf8JsonWriter writer, LeftOut value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
