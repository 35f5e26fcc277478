using FsCheck.Xunit;
using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Internal;
using ZeroTrust.Redaction.Statements;
using ZeroTrust.Redaction.Text;

namespace ZeroTrust.Redaction.Tests.Properties;

public sealed class RedactionProperties
{
    private const int Repetitions = 1_000_000;
    private static readonly TextRedactor Redactor = new([], []);
    private static readonly TextRedactor WithOptional = new([], [], DetectorKinds.Default | DetectorKinds.Optional);

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
    public void Optional_detectors_leave_what_they_wrote(string text)
    {
        var once = WithOptional.Redact(text);

        Assert.Equal(once, WithOptional.Redact(once));
        Assert.InRange(once.Length, 0, text.Length * TextRedactor.MaxGrowth);
    }

    [Property(Arbitrary = [typeof(HostileText)], MaxTest = 5000)]
    public void Gate_lets_through_all_that_its_detector_finds(string text)
    {
        var traits = new TextTraits(text);

        Assert.True(traits.MayHoldPrivateKey || !PrivateKeyDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldUrl || FindsNone(text, static (in TextView view, int from, FindingList found) => UrlReader.Read(view, from, DetectorKinds.Default, found)));
        Assert.True(traits.MayHoldCredentials || !CredentialsDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldJwt || !JwtDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldToken || !TokenDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldArgument || FindsNone(text, ArgumentReader.Read));
        Assert.True(traits.MayHoldVerb || FindsNone(text, ArgumentReader.ReadVerbs));
        Assert.True(traits.MayHoldProse || FindsNone(text, static (in TextView view, int from, FindingList found) => ProseReader.Read(view, from, 0, found)));
        Assert.True(traits.MayHoldPair || FindsNone(text, static (in TextView view, int from, FindingList found) => PairReader.Read(view, from, 0, found)));
        Assert.True(traits.MayHoldConnection || FindsNone(text, ConnectReader.Read));
        Assert.True(traits.MayHoldEscapes || Unescaper.In(text) == Escapes.None);
        Assert.True(traits.MayHoldEncodedKey || !EncodedKeyDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldJwk || !JwkDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldSaml || !SamlDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldEmail || !EmailDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldIban || !IbanDetector.TryFind(text, 0, out _));
        Assert.True(traits.MayHoldCard || !PaymentCardDetector.TryFind(text, 0, out _));
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

        Assert.InRange(WithOptional.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);
        Assert.InRange(Redactor.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);
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
    [InlineData(" -u '", "a:")]
    [InlineData("authorization: basic ", "\"")]
    [InlineData("{\"a\":", "[")]
    [InlineData("[[1,", "]")]
    [InlineData("<a b='", "<a b=\"")]
    [InlineData("<a", "/")]
    [InlineData("<!--", "<![CDATA[")]
    [InlineData("&quot;", "password&#61;")]
    [InlineData("\\u0022", "password\\u0022:")]
    [InlineData("%7B%22", "%2522")]
    [InlineData("password=a ", "(")]
    [InlineData("password=a;", "x=")]
    [InlineData("mysql ", "-pA1")]
    [InlineData("password A1b2c3d4 ", "is ")]
    [InlineData("('password', ", "'a1'), ")]
    [InlineData("- name: password\n", "value:\n")]
    [InlineData("\"d\":\"abcdefghijklmnopqrst\",", "kt")]
    [InlineData("4111111111111111=", "4111111111111")]
    [InlineData("LS0tLS1CRUdJTi", "AAAAAAAAAAAAAAAAAAAA\n")]
    [InlineData("a%40x.com", "git@x.com:")]
    [InlineData("1/:_authToken=", "a.abcdef.")]
    [InlineData("DE89+", "12.34 ")]
    public void Million_of_two_beginnings_ends(string first, string second)
    {
        var text = string.Concat(Enumerable.Repeat(first + second, Repetitions / (first.Length + second.Length)));

        Assert.InRange(Redactor.Redact(text).Length, 0, text.Length * TextRedactor.MaxGrowth);
    }

    private delegate void Reader(in TextView view, int from, FindingList found);

    private static bool FindsNone(string text, Reader read)
    {
        var found = new FindingList();
        read(new TextView(text), 0, found);
        return found.IsEmpty;
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
}
