using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.Testing;

/// <summary>An OpenID Connect issuer on https over loopback: discovery, key set and access tokens, with faults on demand.</summary>
/// <remarks>It really signs and is really reached over TLS; nothing in a product package knows of it. Trust it through <see cref="AnchorPem"/>.</remarks>
public sealed class ScriptedIssuer : IAsyncDisposable
{
    private const string KeySetPath = "/jwks";
    private const string RedirectedPrefix = "/moved";
    private const int OversizedLength = 1_100_000;

    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly X509Certificate2 _certificate;
    private readonly List<ScriptedSigningKey> _publishedKeys = [];
    private readonly List<ScriptedSigningKey> _ownedKeys = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private readonly WebApplication _app;
    private TaskCompletionSource? _hold;
    private int _discoveryRequests;
    private int _keySetRequests;

    private ScriptedIssuer(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _certificate = CreateCertificate(TimeProvider.System.GetUtcNow()); // TLS judges by the real clock
        AnchorPem = _certificate.ExportCertificatePem();
        SigningKey = AddKey("ES256");

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>The https base address, without a trailing slash: what a client configures.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>The issuer that tokens and, unless <see cref="DocumentIssuer"/> says otherwise, the discovery document name. Default: <see cref="Authority"/>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> of tokens; none until it is set.</summary>
    public string? Audience { get; set; }

    /// <summary>The issuer the discovery document names, when it is to lie.</summary>
    public string? DocumentIssuer { get; set; }

    /// <summary>The <c>jwks_uri</c> the discovery document names, when it is to point elsewhere.</summary>
    public string? DocumentKeySetUri { get; set; }

    /// <summary>The discovery document's exact text, when it is to be something else.</summary>
    public string? RawDocument { get; set; }

    /// <summary>The key set's exact text, when it is to be something else.</summary>
    public string? RawKeySet { get; set; }

    /// <summary>How requests are answered from now on.</summary>
    public ScriptedIssuerBehavior Behavior { get; set; }

    /// <summary>The certificate to trust, as PEM.</summary>
    public string AnchorPem { get; }

    /// <summary>The key that signs tokens. The first is an ES256 key.</summary>
    public ScriptedSigningKey SigningKey { get; private set; }

    /// <summary>How many times the discovery document was asked for, answered or not.</summary>
    public int DiscoveryRequests => Volatile.Read(ref _discoveryRequests);

    /// <summary>How many times the key set was asked for, answered or not.</summary>
    public int KeySetRequests => Volatile.Read(ref _keySetRequests);

    /// <summary>Starts an issuer on a free loopback port.</summary>
    /// <param name="timeProvider">Dates the tokens; the system's clock by default.</param>
    /// <param name="cancellationToken">Abandons the start.</param>
    public static async Task<ScriptedIssuer> StartAsync(TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        var issuer = new ScriptedIssuer(timeProvider ?? TimeProvider.System);
        await issuer._app.StartAsync(cancellationToken).ConfigureAwait(false);
        issuer.Authority = issuer._app.Urls.Single();
        issuer.Issuer = issuer.Authority;
        return issuer;
    }

    /// <summary>Makes a new key the signing key and publishes it.</summary>
    /// <param name="algorithm"><c>ES256</c>, <c>RS256</c> or <c>PS256</c>.</param>
    /// <param name="keepPublished">Whether the keys before it stay in the key set.</param>
    /// <param name="rsaKeySize">The size of an RSA key, in bits.</param>
    public ScriptedSigningKey RotateKey(string algorithm = "ES256", bool keepPublished = true, int rsaKeySize = 2048)
    {
        lock (_gate)
        {
            if (!keepPublished)
            {
                _publishedKeys.Clear();
            }

            return SigningKey = AddKey(algorithm, rsaKeySize);
        }
    }

    /// <summary>Lets every request from now on wait for <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _hold ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Answers the requests that <see cref="Hold"/> made wait, and those to come.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _hold?.TrySetResult();
            _hold = null;
        }
    }

    /// <summary>Completes once the discovery document was asked for this many times, answered or not.</summary>
    /// <param name="count">The number of requests since the start.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    public Task WaitForDiscoveryRequestsAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_discoveryRequests >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Signs an access token: <c>at+jwt</c> (RFC 9068), five minutes, subject <c>alice</c>.</summary>
    /// <param name="edit">Changes the token before it is signed.</param>
    /// <returns>The compact serialisation.</returns>
    public string CreateToken(Action<ScriptedToken>? edit = null)
    {
        var key = SigningKey;
        var now = _timeProvider.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = key.Algorithm, ["typ"] = "at+jwt", ["kid"] = key.KeyId };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = "alice",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
        };
        if (Audience is not null)
        {
            claims["aud"] = Audience;
        }

        var token = new ScriptedToken(header, claims, key);
        edit?.Invoke(token);
        return token.Serialize();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync().ConfigureAwait(false);
        _certificate.Dispose();
        _ownedKeys.ForEach(key => key.Dispose());
    }

    private static X509Certificate2 CreateCertificate(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=scripted issuer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    private ScriptedSigningKey AddKey(string algorithm, int rsaKeySize = 2048)
    {
        var key = ScriptedSigningKey.Create(algorithm, rsaKeySize);
        _ownedKeys.Add(key);
        _publishedKeys.Add(key);
        return key;
    }

    private async Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var moved = path.StartsWith(RedirectedPrefix, StringComparison.Ordinal);
        var document = Describe(moved ? path[RedirectedPrefix.Length..] : path, out var held);
        await held.WaitAsync(context.RequestAborted).ConfigureAwait(false);

        switch (Behavior)
        {
            case ScriptedIssuerBehavior.Down:
                context.Abort();
                return;
            case ScriptedIssuerBehavior.ServerError:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case ScriptedIssuerBehavior.Redirecting when !moved:
                context.Response.Redirect(RedirectedPrefix + path);
                return;
            case ScriptedIssuerBehavior.Oversized:
                document += new string(' ', OversizedLength);
                break;
            case ScriptedIssuerBehavior.Garbage:
                document = "<html>not the document you wanted</html>";
                break;
            default:
                break;
        }

        if (document is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(document, context.RequestAborted).ConfigureAwait(false);
    }

    private string? Describe(string path, out Task held)
    {
        lock (_gate)
        {
            held = _hold?.Task ?? Task.CompletedTask;
            switch (path)
            {
                case "/.well-known/openid-configuration":
                    _discoveryRequests++;
                    _waiters.FindAll(waiter => waiter.Count <= _discoveryRequests).ForEach(waiter => waiter.Reached.TrySetResult());
                    return RawDocument ?? new JsonObject
                    {
                        ["issuer"] = DocumentIssuer ?? Issuer,
                        ["jwks_uri"] = DocumentKeySetUri ?? Authority + KeySetPath,
                        ["response_types_supported"] = new JsonArray("code"),
                        ["subject_types_supported"] = new JsonArray("public"),
                        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
                    }.ToJsonString();
                case KeySetPath:
                    _keySetRequests++;
                    var keys = new JsonArray();
                    _publishedKeys.ForEach(key => keys.Add((JsonNode)key.ToJsonWebKey()));
                    return RawKeySet ?? new JsonObject { ["keys"] = keys }.ToJsonString();
                default:
                    return null;
            }
        }
    }
}
