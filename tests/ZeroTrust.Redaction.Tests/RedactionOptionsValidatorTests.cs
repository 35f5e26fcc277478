using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ZeroTrust.Redaction.Tests;

public sealed class RedactionOptionsValidatorTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.Equal(RedactionMode.Deny, Bind().Mode);

    [Fact]
    public void Settings_are_bound()
    {
        var options = Bind(
            ("Mode", "KeepOnly"),
            ("Rules:0:Key", "shop.*"),
            ("Rules:0:Action", "Mask"),
            ("TokenKey", Convert.ToBase64String(new byte[32])));

        Assert.Equal(RedactionMode.KeepOnly, options.Mode);
        Assert.Equal(("shop.*", RedactionAction.Mask), (Assert.Single(options.Rules).Key, options.Rules[0].Action));
    }

    [Theory]
    [InlineData("Mode", "7", "Mode: ")]
    [InlineData("Rules:0:Key", "", "Rules:0:Key: a key is required")]
    [InlineData("Rules:0:Key", "*", "Rules:0:Key: '*' names every key")]
    [InlineData("Rules:0:Key", "**", "Rules:0:Key: '**' names every key")]
    [InlineData("Rules:0:Key", "*a*a*a*a*a*a*a*a*", "Rules:0:Key: '*a*a*a*a*a*a*a*a*' is longer than 256 characters or has more than 8 wildcards")]
    [InlineData("Rules:0:Action", "Truncate", "Rules:0:Length: the length is 1 to 65536")]
    [InlineData("Rules:0:Length", "5", "Rules:0:Length: the length is 1 to 65536")]
    [InlineData("Rules:0:Action", "Classified", "Rules:0:Classification: a taxonomy and a value are required")]
    [InlineData("Rules:0:Classification", "Shop:Customer", "Rules:0:Classification: a classification is for Classified only")]
    [InlineData("TokenKeyId", "a:b", "TokenKeyId: 'a:b' is not 1 to 16 letters and digits")]
    [InlineData("RetiredTokenKeyIds:0", "v1", "RetiredTokenKeyIds:0: 'v1' is not")]
    [InlineData("AllowedValues:0", " ", "AllowedValues:0: a value is required")]
    [InlineData("TokenShapes:0:Vendor", "Acme", "TokenShapes:0:Vendor: 'Acme' is not 2 to 20 lower-case letters")]
    [InlineData("TokenShapes:0:Pattern", "acme_[a-z]{8}", "TokenShapes:0:Vendor: '' is not")]
    [InlineData("Detectors:Cards", "maybe", "Detectors:Cards: 'maybe' is not true or false")]
    [InlineData("Detectors:Card", "true", "Detectors:Card: is not a setting; did you mean Cards?")]
    [InlineData("Rules:0:Key", "a", "Rules:0:Action: an action is required")]
    [InlineData("Rules:0:Action", "Token", "TokenKey: a rule uses Token")]
    [InlineData("TokenKey", "c2hvcnQ=", "TokenKey: the key must be base64 of at least 32 bytes")]
    [InlineData("TokenKey", "not base64", "TokenKey: the key must be base64")]
    public void Bad_setting_is_refused_with_its_path(string key, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind((key, value)));

        Assert.Contains(error.Failures, failure => failure.StartsWith("ZeroTrust:Redaction:" + expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("acme_[a-z0-9]{7}", null)]
    [InlineData("acme_([a-z0-9]{8})", null)]
    [InlineData("[a-z0-9]{8}-acme", null)]
    [InlineData("acme_[a-z0-9]{2}", "what it redacts may have fewer than 8 characters")]
    [InlineData("acme_([a-z0-9]{7})", "what it redacts may have fewer than 8 characters")]
    [InlineData("acme_[a-z0-9]+", "a class has no count behind it")]
    [InlineData("acme_[a-z0-9]{9", "a class or count is not closed")]
    [InlineData("acme_[a-z0-9]{9,3}", "a count is {n}, {n,m} or {n,}")]
    [InlineData("acme_[^a]{9}", "a class is empty, begins with ^")]
    [InlineData("acme_.{9}", "'.' at 5 has no meaning here")]
    [InlineData("acme_(a|b)[a-z]{9}", "'(' at 5 has no meaning here")]
    [InlineData("[a-z]{9}", "it has no literal")]
    [InlineData("[a-z]{9}-[0-9]{9}", "it has no literal of at least 2 characters")]
    [InlineData("acme_[a-z]{9,20}a[0-9]{3}", "a class of varying length is followed by what may belong to it")]
    [InlineData("[a-z]{1,9}-[0-9]{1,9}_acme", "only the first class before its longest literal may vary in length")]
    [InlineData("[0-9]{9}ac", "behind a literal of two characters something has to stand")]
    [InlineData("token:[a-z]{3}", "it finds what stands in the place of a finding")]
    public void Pattern_that_cannot_be_read_is_refused_with_its_path(string pattern, string? fault)
    {
        if (fault is null)
        {
            Assert.Equal(pattern, Bind(("TokenShapes:0:Vendor", "abc"), ("TokenShapes:0:Pattern", pattern)).TokenShapes[0].Pattern);
        }
        else
        {
            var error = Assert.Throws<OptionsValidationException>(() => Bind(("TokenShapes:0:Vendor", "abc"), ("TokenShapes:0:Pattern", pattern)));

            Assert.Contains(error.Failures, failure => failure.StartsWith("ZeroTrust:Redaction:TokenShapes:0:Pattern: " + fault, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void All_errors_are_reported()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind(
            ("Rules:0:Key", "a"),
            ("Rules:0:Action", "Keep"),
            ("Rules:1:Key", "A"),
            ("Rules:1:Action", "Erase"),
            ("TokenKey", "x")));

        Assert.Contains("Rules:1:Key: 'A' has a rule already", error.Message, StringComparison.Ordinal);
        Assert.Contains("TokenKey: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_setting_stops_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRedactionPolicy(static options => options.TokenKey = "x");

        await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public void Detector_with_a_bad_name_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRedactionPolicy().AddZeroTrust().AddTextDetector<BadlyNamed>().AddTextDetector<BadlyNamed>();
        using var host = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<RedactionOptions>>().Value);

        Assert.Contains("'Bad]' is not 1 to 16", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static RedactionOptions Bind(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>("ZeroTrust:Redaction:" + setting.Key, setting.Value)));
        builder.Services.AddRedactionPolicy();
        builder.Services.AddRedactionPolicy();
        using var host = builder.Build();
        return host.Services.GetRequiredService<IOptions<RedactionOptions>>().Value;
    }

    private sealed class BadlyNamed : ITextDetector
    {
        public string Name => "Bad]";

        public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            (start, length) = (0, 0);
            return false;
        }
    }
}
