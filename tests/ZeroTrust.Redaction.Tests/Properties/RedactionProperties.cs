using FsCheck.Xunit;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Internal;
using ZeroTrust.Redaction.Statements;

namespace ZeroTrust.Redaction.Tests.Properties;

public sealed class RedactionProperties
{
    private const int Repetitions = 1_000_000;
    private static readonly TextRedactor Redactor = new([], []);

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Redacted_text_stays_as_it_is(string text)
    {
        var once = Redactor.Redact(text);

        Assert.Equal(once, Redactor.Redact(once));
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Text_grows_within_its_bound(string text) =>
        Assert.InRange(Redactor.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Gate_lets_through_all_that_its_detector_finds(string text)
    {
        var traits = new TextTraits(text);

        Assert.True(traits.MayHoldPrivateKey || !PrivateKeyDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldUrlUser || !UrlUserInfoDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldQuery || !UrlQueryDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldCredentials || !CredentialsDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldJwt || !JwtDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldToken || !(TokenDetector.TryFind(text, 0, out _) || MarkedTokenDetector.TryFind(text, 0, out _)));
        Assert.True(traits.MayHoldDiscordToken || !DiscordDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldArgument || !CommandLineDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldNamedSecret || !NamedSecretDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldEmail || !EmailDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldIban || !IbanDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldCard || !PaymentCardDetector.TryFind(text, 0, out _));
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Statement_never_grows_and_stays_as_it_is(string text)
    {
        var once = SqlLiterals.Strip(text);

        Assert.Equal(once, SqlLiterals.Strip(once));
        Assert.InRange(once.Length, 0, text.Length);
        Assert.InRange(StatementText.Strip(text).Length, 0, text.Length);
    }

    /// <summary>A comment behind it makes sure that the statement is read to its end.</summary>
    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Statement_that_is_not_taken_apart_would_have_stayed(string text)
    {
        var statement = new string([.. text.Where(static character => !"'\"-/#$`[".Contains(character, StringComparison.Ordinal))]);
        var stripped = SqlLiterals.Strip(statement);

        if (stripped == statement)
        {
            Assert.Equal(statement + " ?", SqlLiterals.Strip(statement + " --x"));
        }
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 2000)]
    public void Mask_and_path_stay_as_they_are(string text)
    {
        Assert.Equal(ValueMask.Apply(text), ValueMask.Apply(ValueMask.Apply(text)));
        Assert.Equal(UrlIds.Strip(text), UrlIds.Strip(UrlIds.Strip(text)));
    }

    /// <summary>Were a detector quadratic in one of these, a million of them would not end within the run.</summary>
    [Theory]
    [MemberData(nameof(HostileText.Repeated), MemberType = typeof(HostileText))]
    public void Million_of_one_beginning_ends(string bait)
    {
        var text = string.Concat(Enumerable.Repeat(bait, Repetitions / bait.Length));

        Assert.InRange(Redactor.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);
        Assert.InRange(StatementText.Strip(text).Length, 0, text.Length);
    }

    /// <summary>Two baits by turns, of which the one ends what the other begins.</summary>
    [Theory]
    [InlineData("password:\"", "a ")]
    [InlineData("token=", "token:")]
    [InlineData("-----BEGIN PRIVATE KEY-----", "-----END ")]
    [InlineData("fm2_", "-")]
    [InlineData("hooks.slack.com/services/", "a.")]
    [InlineData("://", "a:")]
    [InlineData("a.abcdef", ".abcdef")]
    [InlineData("(\"", ",\"a b\"")]
    [InlineData("'a\\", "'b'")]
    [InlineData("$a$", "$b$")]
    [InlineData("[", "x")]
    [InlineData(" -u '", "a:")]
    [InlineData("authorization: basic ", "\"")]
    public void Million_of_two_beginnings_ends(string first, string second)
    {
        var text = string.Concat(Enumerable.Repeat(first + second, Repetitions / (first.Length + second.Length)));

        Assert.InRange(Redactor.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);
        Assert.InRange(StatementText.Strip(text).Length, 0, text.Length);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("/orders/1a7c0c1e")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36")]
    [InlineData("spiffe://example.test/gateway")]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 0736f5ef-7e88-499a-80cc-90c85d2a5180")]
    public void Clean_text_costs_no_memory(string text)
    {
        // A redactor that remembers nothing yet each time. The least counts: the runtime compiles on this thread too, whenever it likes.
        var least = long.MaxValue;
        foreach (var fresh in Enumerable.Range(0, 200).Select(static _ => new TextRedactor([], [])).ToArray())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var same = ReferenceEquals(text, fresh.Redact(text));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(same);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Statement_without_literals_costs_no_memory()
    {
        const string Statement = "SELECT \"o\".\"Id\" FROM \"Orders\" AS \"o\" WHERE \"o\".\"TenantId\" = @tenant AND [o].[Id] = $1 AND t2.x2 = :id";
        SqlLiterals.Strip(Statement);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = ReferenceEquals(Statement, SqlLiterals.Strip(Statement));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(same);
        Assert.Equal(0, allocated);
    }
}
