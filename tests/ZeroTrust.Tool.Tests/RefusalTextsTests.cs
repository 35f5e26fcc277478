using ZeroTrust.Mtls;
using ZeroTrust.Tool.Verify;
using ZeroTrust.X509;

namespace ZeroTrust.Tool.Tests;

public sealed class RefusalTextsTests
{
    public static TheoryData<string> Codes => [.. Of<MtlsRejectionReason>("mtls"), .. Of<X509RejectionReason>("x509")];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_says_what_it_means_and_what_to_do(string code)
    {
        Assert.NotEmpty(RefusalTexts.MeaningOf(code) ?? string.Empty);
        Assert.NotEmpty(RefusalTexts.ActionFor(code) ?? string.Empty);
        Assert.NotEqual(RefusalTexts.MeaningOf(code), RefusalTexts.ActionFor(code), StringComparer.Ordinal);
    }

    [Fact]
    public void Page_of_actions_names_no_code_that_does_not_exist()
    {
        using var page = new StreamReader(typeof(RefusalTexts).Assembly.GetManifestResourceStream("peer-refused.md")!);
        var named = page.ReadToEnd().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToList();

        Assert.Equal(named.Count, named.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(Codes.Select(row => row.Data).Except(named, StringComparer.Ordinal));
        Assert.All(named, code => Assert.NotEmpty(RefusalTexts.MeaningOf(code) ?? string.Empty));
    }

    [Fact]
    public void Unknown_code_has_no_text() => Assert.Null(RefusalTexts.MeaningOf("mtls.unheard_of"));

    private static IEnumerable<string> Of<TReason>(string prefix)
        where TReason : struct, Enum
    {
        var family = new RejectionFamily<TReason>(prefix, _ => RejectionKind.Unauthenticated);
        return Enum.GetValues<TReason>().Where(reason => Convert.ToInt32(reason) != 0).Select(family.CodeOf);
    }
}
