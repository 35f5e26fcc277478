using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZeroTrust.Redaction.Rules;

namespace ZeroTrust.Redaction.Tests.Rules;

public sealed class RedactionRulesTests
{
    private const string Section = "ZeroTrust:Redaction:";

    [Theory]
    [InlineData("*cargo*", "my.cargo.id", true)]
    [InlineData("*cargo*", "my.car.go", false)]
    [InlineData("a.*.b", "A.x.y.B", true)]
    [InlineData("a.*.b", "a.b", false)]
    [InlineData("*.id", "shop.id", true)]
    [InlineData("*.id", "shop.idx", false)]
    public void Wildcard_matches_anywhere(string pattern, string key, bool erased) =>
        Assert.Equal(erased ? "[erased]" : "x", Redact(Rule(pattern, RedactionAction.Erase), key, "x"));

    [Fact]
    public void Exact_key_beats_prefix_beats_wildcard()
    {
        RedactionOptions options = new()
        {
            Rules = [new() { Key = "*.b.*", Action = RedactionAction.Erase }, new() { Key = "a.*", Action = RedactionAction.Keep }, new() { Key = "a.b.c", Action = RedactionAction.Erase }],
        };

        Assert.Equal("[erased]", Redact(options, "x.b.c", "x"));
        Assert.Equal("x", Redact(options, "a.b.d", "x"));
        Assert.Equal("[erased]", Redact(options, "a.b.c", "x"));
    }

    [Theory]
    [InlineData("alice@example.com", "***@example.com")]
    [InlineData("***@example.com", "***@example.com")]
    [InlineData("alice@example.com and more", "**********************more")]
    public void Mask_leaves_the_domain_of_an_address(string value, string expected) =>
        Assert.Equal(expected, Redact(Rule("mail", RedactionAction.Mask), "mail", value));

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "12345")]
    [InlineData("1234\ud83d\ude00", "1234")]
    [InlineData("a@example.com", "[emai")]
    public void Truncate_leaves_a_beginning(string value, string expected)
    {
        RedactionOptions options = new() { Rules = [new() { Key = "note", Action = RedactionAction.Truncate, Length = 5 }] };

        Assert.Equal(expected, Redact(options, "note", value));
    }

    [Fact]
    public void Statement_loses_its_literals_by_default()
    {
        Assert.Equal("SELECT a FROM b WHERE c = ?", Redact(new(), "db.query.text", "SELECT a FROM b WHERE c = 'x'"));
        Assert.Equal("SELECT a FROM b WHERE c = ?", Redact(new(), "db.statement", "SELECT a FROM b WHERE c = 7"));
    }

    [Fact]
    public void Token_says_its_key_and_knows_former_ones()
    {
        var former = Redact(TokenOptions("k1", 1), "id", "alice");
        var options = TokenOptions("k2", 2);
        options.RetiredTokenKeyIds = ["k1"];

        Assert.Matches("^tok:k1:[A-Za-z0-9_-]{22}$", former);
        Assert.Matches("^tok:k2:[A-Za-z0-9_-]{22}$", Redact(options, "id", "alice"));
        Assert.Equal(former, Redact(options, "id", former));
        Assert.StartsWith("tok:k2:", Redact(options, "id", "tok:k3:0123456789012345678901"), StringComparison.Ordinal);
        Assert.StartsWith("tok:k2:", Redact(options, "id", "tok:k1:short"), StringComparison.Ordinal);
    }

    [Fact]
    public void Remembered_token_is_the_token_of_its_own_value()
    {
        var plan = RedactionPolicy.Create(TokenOptions("k", 1));
        string[] values = [.. Enumerable.Range(0, 5000).Select(static i => $"user{i}")];

        var tokens = Array.ConvertAll(values, value => plan.RedactTag(new("id", value), out _).Value);

        Assert.Equal(5000, tokens.Cast<string>().Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(tokens, Array.ConvertAll(values, value => plan.RedactTag(new("id", value), out _).Value));
    }

    [Fact]
    public void Classified_value_goes_through_the_redactor_of_the_application_once()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRedaction(static redaction => redaction.SetRedactor<Reversing>(new DataClassificationSet(new DataClassification("Shop", "Customer"))));
        builder.Services.AddRedactionPolicy(static options =>
            options.Rules.Add(new() { Key = "customer", Action = RedactionAction.Classified, Classification = "Shop:Customer" }));
        using var host = builder.Build();
        var plan = host.Services.GetRequiredService<RedactionPolicyProvider>().Current;

        var once = plan.RedactTag(new("customer", "alice"), out var redacted);

        Assert.True(redacted);
        Assert.Equal("ecila", once.Value);
        Assert.Same(once.Value, plan.RedactTag(once, out _).Value);
    }

    [Fact]
    public void Classified_rule_without_a_redactor_provider_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRedactionPolicy(static options =>
            options.Rules.Add(new() { Key = "customer", Action = RedactionAction.Classified, Classification = "Shop:Customer" }));
        using var host = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<RedactionOptions>>().Value);

        Assert.Contains(Section + "Rules:0:Classification: there is no IRedactorProvider", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_configuration_is_followed_and_a_bad_one_is_not()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var logs = new Recorder();
        builder.Logging.AddProvider(logs);
        builder.Configuration.AddInMemoryCollection([new(Section + "Rules:0:Key", "note"), new(Section + "Rules:0:Action", "Erase")]);
        builder.Services.AddRedactionPolicy();
        using var host = builder.Build();
        var policies = host.Services.GetRequiredService<RedactionPolicyProvider>();

        Assert.Equal("[erased]", policies.Current.RedactTag(new("note", "x"), out _).Value);

        builder.Configuration[Section + "Rules:0:Action"] = "Keep";
        ((IConfigurationRoot)builder.Configuration).Reload();
        Assert.Equal("x", policies.Current.RedactTag(new("note", "x"), out _).Value);

        builder.Configuration[Section + "Rules:0:Action"] = "Token";
        try
        {
            ((IConfigurationRoot)builder.Configuration).Reload();
        }
        catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
        {
            // The platform's own monitor tells who reloads.
        }

        Assert.Equal("x", policies.Current.RedactTag(new("note", "x"), out _).Value);
        Assert.Contains(5000, logs.Events);
        Assert.Contains(5001, logs.Events);
    }

    [Fact]
    public void Cost_of_a_look_up_does_not_grow_with_the_rules()
    {
        // Counted in the comparisons a look-up may make: none of them depends on how many rules there are.
        var table = new RuleTable(Enumerable.Range(0, 1000).Select(static i => ($"shop{i:0000}.*", KeyDecision.Erase)), KeyDecision.Keep);

        Assert.Equal(1, table.PrefixLengths);
        Assert.Same(KeyDecision.Erase, table.Find("shop0999.id"));
        Assert.Same(KeyDecision.Keep, table.Find("shop1000.id"));
    }

    private static RedactionOptions TokenOptions(string id, byte fill)
    {
        var key = new byte[32];
        Array.Fill(key, fill);
        return new() { TokenKey = Convert.ToBase64String(key), TokenKeyId = id, Rules = [new() { Key = "id", Action = RedactionAction.Token }] };
    }

    private static RedactionOptions Rule(string key, RedactionAction action) => new() { Rules = [new() { Key = key, Action = action }] };

    private static string Redact(RedactionOptions options, string key, string value)
    {
        var plan = RedactionPolicy.Create(options);
        return Assert.IsType<string>(plan.RedactTag(new(key, value), out _).Value);
    }

    private sealed class Reversing : Redactor
    {
        public override int GetRedactedLength(ReadOnlySpan<char> input) => input.Length;

        public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
        {
            source.CopyTo(destination);
            destination[..source.Length].Reverse();
            return source.Length;
        }
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public List<int> Events { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Events.Add(eventId.Id);

        public void Dispose()
        {
        }
    }
}
