using ZeroTrust.Redaction.Internal;
using ZeroTrust.Redaction.Tests.Properties;
using ZeroTrust.Redaction.Tokens;

namespace ZeroTrust.Redaction.Tests.Detectors;

/// <summary>Every row of the table, by examples that are generated from it.</summary>
public sealed class TokenTableTests
{
    private const int FewestVendors = 170;
    private static readonly TextRedactor Redactor = new([], []);

    private static readonly string[][] Rows = [.. ReadRows()];

    public static TheoryData<int> All() => [.. Enumerable.Range(0, Rows.Length)];

    [Fact]
    public void Table_has_enough_vendors_in_order()
    {
        Assert.InRange(Rows.Select(static row => row[0]).Distinct(StringComparer.Ordinal).Count(), FewestVendors, int.MaxValue);
        Assert.Equal(Rows.Select(static row => (row[0], row[2])).Order(), Rows.Select(static row => (row[0], row[2])));
        Assert.Equal(Rows.Length, Rows.Select(static row => row[2]).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Row_has_a_vendor_and_a_source(int row)
    {
        Assert.True(ConfiguredShapes.IsVendor(Rows[row][0]), Rows[row][0]);
        Assert.True(Uri.TryCreate(Rows[row][6], UriKind.Absolute, out var source) && source.Scheme == Uri.UriSchemeHttps, Rows[row][6]);
        Assert.InRange(Rows[row][1].Split(' ').Length, 2, 6);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Drawn_token_is_found(int row)
    {
        var (vendor, examples) = Read(row);

        Assert.All([examples.Drawn(), examples.DrawnLong()], example =>
        {
            var redacted = Redactor.Redact($"the {vendor} issued-a-token '{example}'.");

            Assert.DoesNotContain(example, redacted, StringComparison.Ordinal);
            Assert.Contains('[', redacted);
            Assert.Equal(redacted, Redactor.Redact(redacted));
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Almost_a_token_is_none(int row)
    {
        var (_, examples) = Read(row);
        var marker = $"[token:{Rows[row][0]}]";

        Assert.All([examples.TooShort(), examples.WithForeignCharacter()], example =>
            Assert.False(Finds(row, $"the {Rows[row][0]} token '{example}'."), $"{example} {marker}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Placeholder_is_none_where_entropy_is_asked_for(int row)
    {
        var (_, examples) = Read(row);

        Assert.Equal(Rows[row][5] == "0", Finds(row, $"the {Rows[row][0]} token '{examples.Placeholder()}'."));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Token_inside_a_longer_word_is_none(int row)
    {
        var (_, examples) = Read(row);
        var example = examples.Drawn();

        Assert.False(Finds(row, $"the {Rows[row][0]} token '{example}\u00fc'."));
        Assert.True(!char.IsLetterOrDigit(example[0]) || !Finds(row, $"the {Rows[row][0]} token '\u00fc{example}'."));
    }

    [Theory]
    [InlineData("test_9e25f2250bb048548194737adba5cbed311 passed")]
    [InlineData("APARTMENTNUMBER missing")]
    [InlineData("APACHELICENSE20 header")]
    [InlineData("column APARTMENTBUILDINGTYPE is null")]
    [InlineData("enum AP2SomethingLong")]
    [InlineData("class AKCModelConverter")]
    [InlineData("key APAYMENTSCHEDULE")]
    [InlineData("region ASIAPACIFICSOUTHEAST")]
    [InlineData("cache entry key-0cc175b9c0f1b6a831c399e269772661 is cold")]
    [InlineData("etag: key_d742f321cbbd592b174324cd44ec")]
    [InlineData("patTemplateBuffer.c76ed444c7aa8707a070710a0c4cee42b36d138ab3ab4a97d557cbd280a88887")]
    [InlineData("tss_TASKITEMUPDATEFOLDER")]
    public void Word_or_digest_behind_a_short_prefix_is_none(string text) => Assert.Same(text, Redactor.Redact(text));

    [Theory]
    [InlineData("mailgun said no to key-071b0a003aa3f475f7438d842bd4cd42", "mailgun said no to [token:mailgun]")]
    [InlineData("value='key-071b0a003aa3f475f7438d842bd4cd42'", "value='[token:mailgun]'")]
    [InlineData("Twilio 20003 with SKda1addf63ffbed2a60318cdb7e5a16bf", "Twilio 20003 with [token:twilio]")]
    [InlineData("\\n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", "\\n[token:github]")]
    [InlineData("GET https://hooks.slack.com/services/T4LAA8S0F/B12345678/THbnRHt0SURyFxl7bXW541vA 200", "GET https://hooks.slack.com/services/[token:slack] 200")]
    [InlineData("BUNDLE_ENTERPRISE__CONTRIBSYS__COM: cafebabe:deadbeef", "BUNDLE_ENTERPRISE__CONTRIBSYS__COM: [token:sidekiq]")]
    [InlineData("call https://api.telegram.org/bot2111426870:AANtrC2hWD5kJE93PZJ-ps66fJmw8pMYA4r/sendMessage", "call https://api.telegram.org/[token:telegram]/sendMessage")]
    [InlineData("paseto v2.local.QAxIpVe-ECVNI1z4xQbm_qQYomyT3h8FtV8bxkz8pBJWkT8f7HtlOpbroPDEZUKop_vaglyp76CzYy375cHmKCW8.UGFyYWdvbg", "paseto [token:paseto]")]
    public void Token_is_found_with_what_belongs_to_it(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    /// <summary>Published examples of the vendors' own tests, with hardly any entropy where a check sum is proof.</summary>
    [Theory]
    [InlineData("glsa_iNValIdinValiDinvalidinvalidinva_5b582697", "grafana")]
    [InlineData("zpka_3e6c4f7d39954ca29353b7ab88589b64_de26cd55", "zuplo")]
    [InlineData("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", "npm")]
    [InlineData("glpat-vSY1cyL948aAB440qB6L4zlu9OzsUmEV.01.0w0sfevch", "gitlab")]
    [InlineData("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", "github")]
    public void Right_check_sum_is_proof(string token, string vendor)
    {
        var shape = TokenTable.Read().First(shape => shape.Vendor == vendor && shape.Checksum.Length > 0 && IsWhole(shape.Pattern, token));

        Assert.True(TokenChecksum.IsRight(shape.Checksum, token));
        Assert.False(TokenChecksum.IsRight(shape.Checksum, token[..10] + (token[10] == 'a' ? 'b' : 'a') + token[11..]));
        Assert.True((shape with { LeastEntropy = 8 }).TryFind(token, 0, 0, out _));
    }

    private static bool IsWhole(TokenPattern pattern, string token) => pattern.TryMatch(token, 0, 0, new int[TokenShape.MaxBounds]);

    private static bool Finds(int row, string text)
    {
        Assert.True(TokenPatternParser.TryParse(Rows[row][2], out var pattern, out _));
        var shape = TokenTable.Read().ElementAt(row);
        return new TokenIndex([shape with { Pattern = pattern }]).TryFind(text, 0, out _);
    }

    private static (string Vendor, TokenExamples Examples) Read(int row)
    {
        Assert.True(TokenPatternParser.TryParse(Rows[row][2], out var pattern, out var error), error);
        return (Rows[row][0], new TokenExamples(pattern, new Draw((ulong)row)));
    }

    private static IEnumerable<string[]> ReadRows()
    {
        using var reader = new StreamReader(typeof(TokenTable).Assembly.GetManifestResourceStream(TokenTable.Resource)!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t');
        }
    }
}
