using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests;

public sealed class RedactionPolicyTests
{
    [Fact]
    public void Statement_beyond_the_limit_is_not_taken_apart()
    {
        var plan = RedactionPolicy.Create(new RedactionOptions());

        Assert.Equal("[too long]", plan.RedactTag(new("db.query.text", $"SELECT '{new string('x', TextRedactor.MaxLength)}'"), out _).Value);
        Assert.Equal("SELECT ?", plan.RedactTag(new("db.query.text", $"SELECT '{new string('x', TextRedactor.MaxLength - 9)}'"), out _).Value);
    }

    [Theory]
    [InlineData(RedactionAction.Keep)]
    [InlineData(RedactionAction.StripLiterals)]
    [InlineData(RedactionAction.StripIds)]
    [InlineData(RedactionAction.Truncate)]
    public void Text_beyond_the_limit_goes_as_a_whole(RedactionAction action)
    {
        var options = new RedactionOptions { Rules = [new() { Key = "note", Action = action, Length = action == RedactionAction.Truncate ? 64 : 0 }] };
        var plan = RedactionPolicy.Create(options);
        var longest = string.Concat(Enumerable.Repeat("word ", TextRedactor.MaxLength / 5));

        Assert.Equal("[too long]", plan.RedactTag(new("note", longest + "words"), out _).Value);
        Assert.NotEqual("[too long]", plan.RedactTag(new("note", longest), out _).Value);
    }

    private static readonly string TokenKey = Convert.ToBase64String(new byte[32]);

    [Theory]
    [InlineData("http.request.header.authorization")]
    [InlineData("HTTP.Request.Header.Txn-Chain")]
    [InlineData("rpc.grpc.request.metadata.txn_certs")]
    [InlineData("http.response.header.set-cookie")]
    [InlineData("Password")]
    [InlineData("url.query")]
    [InlineData("enduser.id")]
    [InlineData("db.query.parameter.0")]
    public void Sensitive_key_is_erased(string key) => Assert.Equal("[erased]", Redact(new(), key, "x"));

    [Theory]
    [InlineData("http.request.header.accept")]
    [InlineData("zerotrust.workload")]
    [InlineData("error.type")]
    [InlineData("enduse")]
    public void Other_key_is_kept(string key) => Assert.Equal("x", Redact(new(), key, "x"));

    [Fact]
    public void Keep_only_erases_what_no_rule_keeps()
    {
        var options = new RedactionOptions { Mode = RedactionMode.KeepOnly, Rules = [Rule("shop.*", RedactionAction.Keep)] };

        Assert.Equal("[erased]", Redact(options, "other", "x"));
        Assert.Equal("[erased]", Redact(options, "other", 1));
        Assert.Equal("x", Redact(options, "shop.order", "x"));
        Assert.Equal("authz.expired", Redact(options, "error.type", "authz.expired"));
        Assert.Equal("spiffe://example.test/a", Redact(options, "zerotrust.workload", "spiffe://example.test/a"));
    }

    [Fact]
    public void Kept_key_cannot_carry_a_secret() =>
        Assert.Equal("[email]", Redact(new() { Rules = [Rule("note", RedactionAction.Keep)] }, "note", "a@example.com"));

    [Fact]
    public void Prefix_does_not_release_an_exact_key()
    {
        var options = new RedactionOptions { Rules = [Rule("http.request.header.*", RedactionAction.Keep), Rule("cookie", RedactionAction.Keep)] };

        Assert.Equal("[erased]", Redact(options, "http.request.header.authorization", "x"));
        Assert.Equal("x", Redact(options, "cookie", "x"));
    }

    [Fact]
    public void Longer_prefix_wins()
    {
        var options = new RedactionOptions { Rules = [Rule("shop.*", RedactionAction.Erase), Rule("shop.open.*", RedactionAction.Keep)] };

        Assert.Equal("[erased]", Redact(options, "shop.a", "x"));
        Assert.Equal("x", Redact(options, "shop.open.a", "x"));
    }

    [Theory]
    [InlineData("12345678", "********")]
    [InlineData("123456789", "*****6789")]
    [InlineData("*****6789", "*****6789")]
    public void Mask_shows_at_most_the_last_four(string value, string expected) =>
        Assert.Equal(expected, Redact(new() { Rules = [Rule("account", RedactionAction.Mask)] }, "account", value));

    [Fact]
    public void Token_joins_equal_values_of_one_key()
    {
        var options = new RedactionOptions { TokenKey = TokenKey, Rules = [Rule("a", RedactionAction.Token), Rule("b", RedactionAction.Token)] };

        var token = Assert.IsType<string>(Redact(options, "a", "alice"));

        Assert.Matches("^tok:v1:[A-Za-z0-9_-]{22}$", token);
        Assert.Equal(token, Redact(options, "a", "alice"));
        Assert.Equal(token, Redact(options, "a", token));
        Assert.NotEqual(token, Redact(options, "a", "bob"));
        Assert.NotEqual(token, Redact(options, "b", "alice"));
    }

    [Fact]
    public void Array_of_the_application_is_not_changed()
    {
        string[] values = ["a@example.com", "b"];

        var redacted = Redact(new(), "mails", values);

        Assert.Equal(["[email]", "b"], Assert.IsType<string[]>(redacted));
        Assert.Equal(["a@example.com", "b"], values);
    }

    [Fact]
    public void Clean_value_is_the_same_object()
    {
        object[] values = ["x", 1, 1.5, true, new[] { "a", "b" }, new[] { 1, 2 }, Guid.Empty, DateTimeOffset.UnixEpoch];

        Assert.All(values, value => Assert.Same(value, Redact(new(), "value", value)));
    }

    [Fact]
    public void Object_is_fixed_as_text() => Assert.Equal("https://example.test/?*", Redact(new(), "link", new Uri("https://example.test/?a=1")));

    [Fact]
    public void Nested_keys_have_rules_too()
    {
        var redacted = Redact(new(), "request", new Dictionary<string, object?>(StringComparer.Ordinal) { ["password"] = "x", ["id"] = 1, ["none"] = null });

        Assert.Equal<KeyValuePair<string, object?>>(
            [new("password", "[erased]"), new("id", 1), new("none", null)], Assert.IsType<List<KeyValuePair<string, object?>>>(redacted));
    }

    [Fact]
    public void Endless_nesting_ends()
    {
        var loop = new object[1];
        loop[0] = loop;

        Assert.NotSame(loop, Redact(new(), "loop", loop));
    }

    [Fact]
    public void Sensitive_key_is_renamed()
    {
        var result = Plan(new()).RedactTag(new("a@example.com", 1), out var redacted);

        Assert.True(redacted);
        Assert.Equal(new("[email]", 1), result);
    }

    [Fact]
    public void Erasing_the_message_of_exceptions_erases_the_stack_trace_that_repeats_it()
    {
        var options = new RedactionOptions { Rules = [Rule("exception.message", RedactionAction.Erase)] };

        Assert.Equal("[erased]", Redact(options, "exception.stacktrace", "X: message\n   at Y"));
    }

    [Fact]
    public void Keys_made_from_input_do_not_fill_the_memory()
    {
        var plan = Plan(new());

        for (var i = 0; i < 10_000; i++)
        {
            plan.RedactTag(new($"key{i}", "x"), out _);
        }

        Assert.InRange(plan.RememberedKeys, 0, 4096);
    }

    private static RedactionRule Rule(string key, RedactionAction action) => new() { Key = key, Action = action };

    private static RedactionPolicy Plan(RedactionOptions options) => RedactionPolicy.Create(options);

    private static object? Redact(RedactionOptions options, string key, object value) => Plan(options).RedactTag(new(key, value), out _).Value;
}
