using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Abstractions.Tests;

/// <summary>What strangers sent stands in a rejection clipped and on one line; what is printable and short stands there as it is.</summary>
public sealed class RejectionTests
{
    private const int FactLength = 128;
    private const int DetailLength = 2048;

    [Theory]
    [InlineData("a\nb", @"a\u000ab")]
    [InlineData("a\r\nb", @"a\u000d\u000ab")]
    [InlineData("\u001b[2J", @"\u001b[2J")]
    [InlineData("\0\t\u007f", @"\u0000\u0009\u007f")]
    [InlineData("\u0085\u009b", @"\u0085\u009b")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("\u202egnp\u2069\u200f", @"\u202egnp\u2069\u200f")]
    [InlineData("\u200b\ufeff\u00ad", @"\u200b\ufeff\u00ad")]
    [InlineData("\ue000\uffff", @"\ue000\uffff")]
    [InlineData("\udb40\udc41", @"\udb40\udc41")]
    public void What_does_not_print_is_spelled_out_in_every_text(string sent, string written)
    {
        var rejection = new Rejection("test.reason", sent, RejectionKind.Forbidden) { Expected = sent, Presented = sent };

        Assert.Equal(written, rejection.Presented);
        Assert.Equal(written, rejection.Expected);
        Assert.Equal(written, rejection.Detail);
        Assert.Equal("test.reason: " + written, rejection.ToString());
    }

    // Not as data of a theory, which loses them on the way.
    [Fact]
    public void Half_of_a_pair_is_spelled_out()
    {
        Assert.Equal(@"\ud83d!", Fact("\ud83d!"));
        Assert.Equal(@"!\ude00", Fact("!\ude00"));
        Assert.Equal(@"\ude00\ud83d", Fact("\ude00\ud83d"));
    }

    [Theory]
    [InlineData("spiffe://example.test/a~b/%C3%A9/!$&'()*+,;=:@-._")]
    [InlineData(@"CN=Müller\, Ürün 東京 😀, O=Ωmega")]
    [InlineData("")]
    public void What_prints_is_the_same_text(string sent)
    {
        var rejection = new Rejection("test.reason", sent, RejectionKind.Forbidden) { Expected = sent, Presented = sent };

        Assert.Same(sent, rejection.Presented);
        Assert.Same(sent, rejection.Expected);
        Assert.Same(sent, rejection.Detail);
    }

    [Fact]
    public void A_fact_of_128_characters_stays_and_one_more_is_cut()
    {
        var longest = new string('a', FactLength);
        Assert.Same(longest, Fact(longest));
        Assert.Equal(new string('a', FactLength - 1) + "…", Fact(longest + "a"));
        Assert.Equal(FactLength, Fact(new string('a', 50_000)).Length);
    }

    [Fact]
    public void A_detail_of_2048_characters_stays_and_one_more_is_cut()
    {
        var longest = new string('a', DetailLength);
        Assert.Same(longest, Detail(longest));
        Assert.Equal(new string('a', DetailLength - 1) + "…", Detail(longest + "a"));
    }

    [Fact]
    public void An_escape_or_a_pair_is_never_cut_in_two()
    {
        Assert.Equal(new string('a', 122) + @"\u000a", Fact(new string('a', 122) + "\n"));
        Assert.Equal(new string('a', 123) + "…", Fact(new string('a', 123) + "\n"));
        Assert.Equal(new string('a', 126) + "😀", Fact(new string('a', 126) + "😀"));
        Assert.Equal(new string('a', 126) + "…", Fact(new string('a', 126) + "😀a"));
        Assert.Equal(new string('a', 127) + "…", Fact(new string('a', 127) + "😀"));
    }

    [Fact]
    public void Nothing_of_2000_random_texts_breaks_a_line_or_is_too_long_and_twice_changes_nothing()
    {
        for (var i = 0; i < 2000; i++)
        {
            var sent = RandomText();
            var written = Fact(sent);

            Assert.True(written.Length <= FactLength);
            Assert.DoesNotContain(written.EnumerateRunes(), rune => !IsPrintable(rune));
            Assert.DoesNotContain(Detail(sent).EnumerateRunes(), rune => !IsPrintable(rune));
            Assert.Same(written, Fact(written));
        }
    }

    [Fact]
    public void A_printable_text_costs_no_memory()
    {
        var text = "CN=Müller 東京";
        Assert.Same(text, Fact(text));
        var size = Allocated(() => _ = new Rejection("test.reason", "nothing to change", RejectionKind.Forbidden));

        Assert.Equal(size, Allocated(() => _ = new Rejection("test.reason", text, RejectionKind.Forbidden) { Expected = text, Presented = text }));
    }

    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Fact(string text) => new Rejection("test.reason", "detail", RejectionKind.Forbidden) { Presented = text }.Presented!;

    private static string Detail(string text) => new Rejection("test.reason", text, RejectionKind.Forbidden).Detail;

    private static string RandomText()
    {
        var text = new StringBuilder();
        var length = RandomNumberGenerator.GetInt32(400);
        for (var i = 0; i < length; i++)
        {
            text.Append(RandomNumberGenerator.GetInt32(4) switch
            {
                0 => (char)RandomNumberGenerator.GetInt32(0x20),
                1 => (char)RandomNumberGenerator.GetInt32(0x10000),
                2 => (char)RandomNumberGenerator.GetInt32(0xd800, 0xe000),
                _ => (char)RandomNumberGenerator.GetInt32(0x20, 0x7f),
            });
        }

        return text.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
