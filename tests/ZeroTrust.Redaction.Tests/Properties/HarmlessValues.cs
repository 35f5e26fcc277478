using System.Globalization;
using System.Net;

namespace ZeroTrust.Redaction.Tests.Properties;

/// <summary>Values that services write all day and that hide nothing, drawn with a fixed seed.</summary>
internal sealed class HarmlessValues(ulong seed)
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string PodLetters = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly string[] Words =
    [
        "orders", "billing", "gateway", "catalog", "payments", "search", "mailer", "audit", "ledger",
        "stock", "reports", "session", "auth", "token", "key", "edge", "worker", "api",
    ];

    private readonly Draw _draw = new(seed);

    /// <summary>The kinds by name, and whether none of them may ever change.</summary>
    public IReadOnlyList<(string Kind, bool IsStrict, Func<string> Draw)> Kinds =>
    [
        ("uuid", true, Uuid),
        ("ulid", true, () => Number(8) + _draw.Text(Crockford, 25)),
        ("ksuid", false, () => "2" + _draw.Text(Base62, 26)),
        ("hash", true, () => Hex(_draw.Of(40, 64, 128))),
        ("trace id", true, () => _draw.Of(Hex(32), Hex(16), $"00-{Hex(32)}-{Hex(16)}-01")),
        ("semver", true, Semver),
        ("ip", true, Ip),
        ("iso date", true, Date),
        ("epoch", false, Epoch),
        ("object id", false, () => Hex(24)),
        ("snowflake", false, () => Text(_draw.Next(100_000_000_000_000_000L, 1_999_999_999_999_999_999L))),
        ("etag", false, () => _draw.Of($"W/\"{Hex(_draw.Next(8, 33))}\"", $"\"{_draw.Text(Base62, 22)}\"", $"\"{Hex(32)}-{Number(99)}\"")),
        ("docker digest", false, () => $"ghcr.io/{Word()}/{Word()}@sha256:{Hex(64)}"),
        ("node", false, Node),
        ("route", false, () => $"/{_draw.Of("api", "v1", "v2")}/{Word()}/{_draw.Of("{id}", Number(1_000_000), Uuid())}/{Word()}"),
        ("coordinates", false, () => string.Create(CultureInfo.InvariantCulture, $"{Degrees(90):F7},{Degrees(180):F7}")),
        ("base64 id", false, () => Convert.ToBase64String(_draw.Bytes(_draw.Next(6, 33)))),
        ("mac", false, () => string.Join(_draw.Of(':', '-'), _draw.Bytes(6).Select(static part => part.ToString("x2", CultureInfo.InvariantCulture)))),
        ("build", false, Build),
        ("culture", false, () => _draw.Of("de-DE", "pt-BR", "zh-Hans-CN", "sr-Latn-RS", "ca-ES-valencia") + _draw.Of("", ";q=0.8", "@euro", ".UTF-8")),
    ];

    private string Uuid()
    {
        var bytes = _draw.Bytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (_draw.Next(1, 9) << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var text = new Guid(bytes, bigEndian: true).ToString(_draw.Of("D", "N", "B"));
        return _draw.Of(text, text, text, text.ToUpperInvariant());
    }

    private string Semver()
    {
        var suffix = _draw.Of("", $"-rc.{Number(9)}", $"-beta.{Number(99)}+build.{Number(100_000_000)}", $"-alpha.0.{Number(99)}+{Hex(40)}", $"+sha.{Hex(7)}");
        return $"{Number(30)}.{Number(50)}.{Number(100)}{suffix}";
    }

    private string Ip()
    {
        var address = new IPAddress(_draw.Bytes(_draw.Of(4, 16))).ToString();
        var withPort = $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{Text(_draw.Next(1024, 65_536))}";
        return _draw.Of(address, address, withPort);
    }

    private string Date() => DateTimeOffset.UnixEpoch
        .AddMilliseconds(_draw.Next(0L, 2_000_000_000_000L))
        .ToString(_draw.Of("O", "s", "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss.fffZ"), CultureInfo.InvariantCulture);

    private string Epoch()
    {
        var unit = _draw.Of(1L, 1_000L, 1_000_000L, 1_000_000_000L);
        return Text(_draw.Next(1_500_000_000L * unit, 1_900_000_000L * unit));
    }

    private string Node() => _draw.Of(
        $"{Word()}-{_draw.Text(PodLetters, 9)}-{_draw.Text(PodLetters, 5)}",
        $"ip-10-{Number(256)}-{Number(256)}-{Number(256)}.eu-west-1.compute.internal",
        $"rabbit@{Word()}-{Number(9)}.{Word()}.svc.cluster.local",
        $"{Word()}@{Number(9)}.service");

    private string Build() => _draw.Of(
        string.Create(CultureInfo.InvariantCulture, $"{_draw.Next(2020, 2027)}{_draw.Next(1, 13):D2}{_draw.Next(1, 29):D2}.{_draw.Next(200)}"),
        "#" + Number(1_000_000),
        $"{Number(20)}.0.{Number(30_000)}.{Number(10_000)}");

    private double Degrees(int most) => (_draw.Fraction() * 2 * most) - most;

    private string Word() => Words[_draw.Next(Words.Length)];

    private string Hex(int length) => _draw.Text("0123456789abcdef", length);

    private string Number(int end) => Text(_draw.Next(end));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
