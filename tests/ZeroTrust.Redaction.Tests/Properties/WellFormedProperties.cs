using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ZeroTrust.Redaction.Tests.Properties;

/// <summary>What is well-formed stays so, whatever stands in it.</summary>
public sealed class WellFormedProperties
{
    private const int MaxDepth = 4;

    private static readonly RedactionPolicy Policy = RedactionPolicy.Create(new RedactionOptions());
    private static readonly string[] Names = ["password", "user", "token", "pin", "name", "value", "key", "cookie", "card", "a.b-c", "with \"quote\"", "credentials", "X-Api-Key"];

    private static readonly string[] Texts =
    [
        "hunter2Xy", "a\"b", "back\\slash", "line\nbreak", "<b>x</b>", "a & b", "Server=a;Password=b\"c;Encrypt=True", "https://u:p@h.test/?a=b", "alice@example.com", "4111 1111 1111 1111",
        "[4111111111111111]", "{\"pin\":1234}", "{\"pin\":1234,\"l\":[4111111111111111]}", "9f86d081884c7d659a2feaa0c55ad015", "Bearer 0123456789abcdef", "%22%7B", "&quot;password&quot;:&quot;x1y2z3&quot;", "",
        "password='x' y", "<password>x1</password>", "ü語\ud83d\ude00", "[secret]", "-p x", "mysql -pabc12345",
    ];

    [Property(Arbitrary = [typeof(WellFormedProperties)], MaxTest = 4000)]
    public void Json_stays_json(Document document)
    {
        // A number or a string alone is no document that a text could be told to be.
        var text = JsonSerializer.Serialize(new[] { document.Value });
        var redacted = Policy.RedactText(text);

        using var parsed = JsonDocument.Parse(redacted);
        Assert.Equal(redacted, Policy.RedactText(redacted));
    }

    [Property(Arbitrary = [typeof(WellFormedProperties)], MaxTest = 2000)]
    public void Json_in_json_stays_json_on_both_levels(Document document)
    {
        var redacted = Policy.RedactText(JsonSerializer.Serialize(new { body = JsonSerializer.Serialize(document.Value), status = 7 }));

        using var outer = JsonDocument.Parse(redacted);
        Assert.Equal(7, outer.RootElement.GetProperty("status").GetInt32());
        if (document.Value is Dictionary<string, object?>)
        {
            using var inner = JsonDocument.Parse(outer.RootElement.GetProperty("body").GetString()!);
        }
    }

    [Property(Arbitrary = [typeof(WellFormedProperties)], MaxTest = 2000)]
    public void Xml_stays_xml(Document document)
    {
        var redacted = Policy.RedactText(Element("root", document.Value).ToString(SaveOptions.DisableFormatting));

        Assert.Equal("root", XElement.Parse(redacted).Name.LocalName);
    }

    [Property(Arbitrary = [typeof(WellFormedProperties)], MaxTest = 2000)]
    public void Url_stays_a_url(Document document)
    {
        var text = $"https://svc:{Uri.EscapeDataString(JsonSerializer.Serialize(document.Value))}@h.test/reset/9f86d081884c7d659a2feaa0c55ad015?a=b#c";

        Assert.True(Uri.TryCreate(Policy.RedactText(text), UriKind.Absolute, out var uri) && uri.Host == "h.test");
    }

    public static Arbitrary<Document> Documents() => Arb.From(Value(MaxDepth).Select(static value => new Document(value)));

    private static Gen<object?> Value(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Elements(Texts).Select(static text => (object?)text),
            Gen.Elements<object?>(1234, 4111111111111111, 12.5, true, null));
        if (depth == 0)
        {
            return scalar;
        }

        var members = Gen.Elements(Names).Zip(Value(depth - 1)).ListOf();
        return Gen.OneOf(
            scalar,
            Value(depth - 1).ListOf().Select(static items => (object?)items.Take(4).ToArray()),
            members.Select(static items => (object?)items.Take(5).GroupBy(static item => item.Item1, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Item2, StringComparer.Ordinal)),
            members.Select(static items => (object?)items.Take(5).GroupBy(static item => item.Item1, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Item2, StringComparer.Ordinal)));
    }

    private static XElement Element(string name, object? value)
    {
        var element = new XElement(string.Concat(name.Where(static character => char.IsAsciiLetter(character))));
        switch (value)
        {
            case Dictionary<string, object?> members:
                foreach (var (member, inner) in members)
                {
                    element.Add(inner is string text && member.Length % 2 == 0
                        ? new XAttribute(string.Concat(member.Where(char.IsAsciiLetter)), text.Replace("\ud83d\ude00", "", StringComparison.Ordinal))
                        : Element(member, inner));
                }

                break;
            case object?[] items:
                element.Add(items.Select(static item => Element("item", item)));
                break;
            default:
                element.Add(value?.ToString());
                break;
        }

        return element;
    }

    /// <summary>A document, as its own type so that it is generated here.</summary>
    public sealed record Document(object? Value);
}
