using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.AspNetCore;
using ZeroTrust.Jose;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;
using ZeroTrust.X509;

namespace ZeroTrust.Authz.AspNetCore.Tests;

/// <summary>
/// 2,000 hostile texts through the checks of every package: whatever they refuse is one line of the log, and of bounded length.
/// </summary>
public sealed class HostileTextTests : IDisposable
{
    private const int Texts = 2_000;

    // A detail, two facts, and the words of the event.
    private const int LongestMessage = 2_048 + (2 * 128) + 300;

    private static readonly string[] Seeds =
    [
        "\n[15:00:00 INF] Peer spiffe://example.test/admin "
            + "accepted", "\r\n", "\u001b[2J\u001b]0;owned\a", "\u202e", "\u2028", "\u0085", "\0", "\ud800", "\udc00\ud83d",
        "spiffe://example.test/a\nb", "dns:evil\u009b31m", "{\"a\":1,\"a\":2}", "\"", "\\", "eyJhbGciOiJub25lIn0", "\u200b\ufeff", "%0a%1b",
        "😀",
    ];

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly FakeLogCollector _logs = new();
    private readonly TestCertificateAuthority _authority;
    private readonly ServiceProvider _services;
    private readonly VerifiedPeer _peer;
    private readonly AuthzContext _context;

    public HostileTextTests()
    {
        _authority = TestCertificateAuthority.Create("mesh root", _time);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["ZeroTrust:Authz:MintGrants:0:Workload"] = "spiffe://example.test/gateway",
                ["ZeroTrust:Authz:MintGrants:0:Tenants:0"] = "*",
                ["ZeroTrust:Authz:MintGrants:0:SubjectKinds:0"] = "User",
                ["ZeroTrust:Authz:MintGrants:0:Permissions:0"] = "orders:read",
            }).Build());
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(_logs))).AddMetrics();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IPeerCredentialSource>(
            new MemoryPeerCredentialSource(_authority.Issue("spiffe://example.test/gateway").ToCredential()));
        services.AddSingleton<ITrustBundleSource>(new MemoryTrustBundleSource(new TrustBundleSet(_authority.ToBundle("example.test"))));
        services.AddZeroTrust().AddMtls(options => options.TrustDomain = "example.test").AddListeners().AddAuthz();
        _services = services.BuildServiceProvider();
        _peer = Verify(_authority.Issue("spiffe://example.test/gateway")).GetOrThrow();
        _context = _services.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("idp/alice"), PermissionSet.Parse("orders:read")).GetOrThrow();
    }

    [Fact]
    public void No_refusal_breaks_a_line_of_the_log_or_fills_it()
    {
        var handler = _services.GetRequiredService<RejectionHandler>();
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var (refused, longest) = (0, 0);
        for (var i = 0; i < Texts; i++)
        {
            var text = Hostile();
            foreach (var rejection in Ask(text))
            {
                refused++;
                codes.Add(rejection.Code);
                _time.Advance(TimeSpan.FromSeconds(1));
                _logs.Clear();
                var call = new DefaultHttpContext { RequestServices = _services };
                call.Connection.RemoteIpAddress = IPAddress.Loopback;
                handler.Report(call, rejection);

                var message = _logs.LatestRecord.Message;
                longest = Math.Max(longest, message.Length);
                Assert.DoesNotContain(message.EnumerateRunes(), IsHostile);
                Assert.DoesNotContain(rejection.ToString().EnumerateRunes(), IsHostile);
            }
        }

        Assert.True(refused > 10 * Texts, $"{refused} refusals");
        Assert.True(codes.Count > 15, string.Join(' ', codes));
        Assert.InRange(longest, 1, LongestMessage);
    }

    public void Dispose()
    {
        _services.Dispose();
        _authority.Dispose();
    }

    private static IEnumerable<Rejection> Refusals(params Rejection?[] verdicts) => verdicts.OfType<Rejection>();

    private IEnumerable<Rejection> Ask(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var json = JsonSerializer.Serialize(text);
        var header = Encode($$"""{"alg":"ES256","typ":"txntoken+jwt","kid":{{json}}}""");
        var claims = Encode($$"""{"iss":{{json}},"aud":{{json}},"sub":{{json}},"txn":{{json}}}""");
        var token = $"{header}.{claims}.{Encode(text)}";
        return Refusals(
            StrictJson.ParseObject(utf8).Rejection,
            StrictJson.ParseObject(Encoding.UTF8.GetBytes($$"""{{{json}}:1,{{json}}:2}""")).Rejection,
            StrictJson.ParseObject(Encoding.UTF8.GetBytes($$"""{"a":{{text}}}""")).Rejection,
            JsonWebKeySet.Parse(utf8).Rejection,
            JwsKey.FromJwk(Encoding.UTF8.GetBytes($$"""{"kty":{{json}},"kid":{{json}}}""")).Rejection,
            JwsKey.FromJwk(Encoding.UTF8.GetBytes($$"""{"kty":"EC","crv":{{json}},"x":{{json}},"y":{{json}}}""")).Rejection,
            StrictJws.Parse(text).Rejection,
            StrictJws.Parse($"{Encode($$"""{"alg":{{json}}}""")}.e30.AAAA").Rejection,
            StrictJws.Parse($"{Encode($$"""{"alg":"ES256","crit":[{{json}}],{{json}}:1}""")}.e30.AAAA").Rejection,
            Carried(token, text),
            Carried(token, token),
            Carried(text, text),
            TxnHeaders.FromValues([text, text], [text], [text]).Rejection,
            Plain(text),
            _context.CheckPermission(text).Rejection,
            Certificate.Read(utf8).Rejection,
            CertificateRevocationList.Read(utf8).Rejection)
            .Concat(RandomNumberGenerator.GetInt32(10) == 0 ? AskWithCertificates(text) : []);
    }

    private IEnumerable<Rejection> AskWithCertificates(string text)
    {
        var ascii = string.Concat(text.Select(letter => (char)(letter & 0x7f)));
        var printable = string.Concat(text.Where(letter => letter != 0 && !char.IsSurrogate(letter)));
        var name = printable.Length is > 0 and < 60 ? printable : "cn\n";
        using var stranger = TestCertificateAuthority.Create(name, _time);
        return
        [
            .. Refusals(
                Verify(_authority.Issue(leaf => leaf.UriNames.Add("spiffe://" + ascii))).Rejection,
                Verify(_authority.Issue(leaf => leaf.UriNames.Add(ascii))).Rejection,
                Verify(_authority.Issue(leaf => leaf.DnsNames.Add(ascii))).Rejection,
                Verify(stranger.Issue("spiffe://example.test/gateway")).Rejection,
                Verify(_authority.Issue(leaf =>
                {
                    leaf.CommonName = name;
                    leaf.SpiffeId = "spiffe://example.test/gateway";
                    leaf.NotAfter = _time.GetUtcNow().AddHours(-1);
                    leaf.NotBefore = _time.GetUtcNow().AddHours(-2);
                })).Rejection),
        ];
    }

    private Verdict<VerifiedPeer> Verify(TestCertificate certificate)
    {
        using (certificate)
        {
            return _services.GetRequiredService<PeerVerifier>().Verify(certificate.ToPeerCertificates(), PeerRole.Client);
        }
    }

    private Rejection? Carried(string token, string chain) =>
        TxnHeaders.FromValues([token], [chain], [chain]).TryGet(out var headers, out var rejection)
        ? _services.GetRequiredService<AuthzContextVerifier>().Verify(headers, _peer).Rejection
        : rejection;

    private Rejection? Plain(string text) =>
        PlainHeaders.FromValues([text], [text], [text], besideToken: false).TryGet(out var headers, out var rejection)
        ? _services.GetRequiredService<PlainContextReader>().Read(headers, _peer).Rejection
        : rejection;

    private static string Encode(string text) => CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(text));

    private static string Hostile()
    {
        var text = new StringBuilder();
        for (var parts = RandomNumberGenerator.GetInt32(1, 6); parts > 0; parts--)
        {
            text.Append(RandomNumberGenerator.GetInt32(3) switch
            {
                0 => new string((char)RandomNumberGenerator.GetInt32(0x10000), RandomNumberGenerator.GetInt32(1, 4)),
                1 => new string((char)RandomNumberGenerator.GetInt32(0x20), RandomNumberGenerator.GetInt32(1, 40)),
                _ => Seeds[RandomNumberGenerator.GetInt32(Seeds.Length)],
            });
        }

        return RandomNumberGenerator.GetInt32(50) == 0 ? text.Append('A', 50_000).ToString() : text.ToString();
    }

    private static bool IsHostile(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || rune == Rune.ReplacementChar;
}
