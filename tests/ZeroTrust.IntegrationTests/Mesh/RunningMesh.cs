using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore;
using ZeroTrust.Authz;
using ZeroTrust.Mtls;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>An issuer, an edge, orders and billing, each a host of its own on loopback ports, with certificates in a folder.</summary>
internal sealed class RunningMesh : IAsyncDisposable
{
    public const string Gateway = "spiffe://example.test/gateway";
    public const string Orders = "spiffe://example.test/orders";
    public const string Billing = "spiffe://example.test/billing";

    private const string Audience = "mesh";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-");
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create("mesh root");
    private readonly List<WebApplication> _hosts = [];
    private ScriptedIssuer? _issuer;
    private HttpClient? _users;

    private RunningMesh()
    {
    }

    /// <summary>The contexts billing was called with.</summary>
    public IReadOnlyCollection<AuthzContext> SeenByBilling => BillingApp.Services.GetRequiredService<ConcurrentQueue<AuthzContext>>();

    public int RequestsAtOrders => OrdersApp.Services.GetRequiredService<RequestCount>().Value;

    public int RequestsAtBilling => BillingApp.Services.GetRequiredService<RequestCount>().Value;

    public EventLog EventsOfOrders => OrdersApp.Services.GetRequiredService<EventLog>();

    public EventLog EventsOfEdge => EdgeApp.Services.GetRequiredService<EventLog>();

    public Turnstile Turnstile => OrdersApp.Services.GetRequiredService<Turnstile>();

    private WebApplication BillingApp => _hosts[0];

    private WebApplication OrdersApp => _hosts[1];

    private WebApplication EdgeApp => _hosts[2];

    private string DatabaseFile => Path.Combine(_folder.FullName, "orders.db");

    /// <summary>Starts everything.</summary>
    /// <param name="ordersIs">Whom the edge takes for orders.</param>
    /// <param name="billingIs">Whom orders takes for billing.</param>
    /// <param name="ordersServes">The one peer of orders.</param>
    /// <param name="billingServes">The one peer of billing.</param>
    public static async Task<RunningMesh> StartAsync(
        string ordersIs = Orders, string billingIs = Billing, string ordersServes = Gateway, string billingServes = Orders)
    {
        var mesh = new RunningMesh();
        try
        {
            await mesh.StartHostsAsync(ordersIs, billingIs, ordersServes, billingServes, TestContext.Current.CancellationToken);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    public Task<Answer> GetAsync(User? user, string path) => SendAsync(user, HttpMethod.Get, path, content: null);

    public async Task<Answer> OrderAsync(User? user, string tenant, NewOrder order)
    {
        using var content = JsonContent.Create(order);
        return await SendAsync(user, HttpMethod.Post, $"/tenants/{tenant}/orders", content);
    }

    public Task StopBillingAsync() => BillingApp.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>What is in the file, whatever a query filter would show of it.</summary>
    public async Task<List<(string Tenant, string Subject, string Product)>> ReadRowsAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Tenant, Subject, Product FROM Orders ORDER BY Id";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<(string, string, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return rows;
    }

    /// <summary>Replaces the files of the edge's credential and waits until the edge has noticed by itself.</summary>
    /// <returns>The new leaf, as a peer tells it.</returns>
    public Task<string> ReplaceEdgeCredentialAsync() => ReplaceCredentialAsync(EdgeApp, Gateway);

    /// <inheritdoc cref="ReplaceEdgeCredentialAsync"/>
    public Task<string> ReplaceOrdersCredentialAsync() => ReplaceCredentialAsync(OrdersApp, Orders);

    /// <summary>The leaf that orders shows on a new connection.</summary>
    public async Task<string> ReadLeafOfOrdersAsync()
    {
        using var own = _authority.Issue(Gateway);
        using var client = new TcpClient();
        var listeners = OrdersApp.Services.GetRequiredService<BoundListeners>();
        await client.ConnectAsync(listeners.GetEndPoint("mesh"), TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "orders",
            ClientCertificateContext = own.ToCredential().CertificateContext,
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
        };
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return Sha256Of(stream.RemoteCertificate!);
    }

    public async ValueTask DisposeAsync()
    {
        _users?.Dispose();
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }

        if (_issuer is not null)
        {
            await _issuer.DisposeAsync();
        }

        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Sha256Of(X509Certificate certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    private async Task StartHostsAsync(
        string ordersIs, string billingIs, string ordersServes, string billingServes, CancellationToken cancellationToken)
    {
        _issuer = await ScriptedIssuer.StartAsync(cancellationToken: cancellationToken);
        _issuer.Audience = Audience;
        var issuerAnchor = Path.Combine(_folder.FullName, "issuer.pem");
        await File.WriteAllTextAsync(issuerAnchor, _issuer.AnchorPem, cancellationToken);

        await StartAsync(BillingHost.Build(MeshListener(Billing, peer: billingServes)));

        var billing = MeshHost.AddressOf(BillingApp, "mesh");
        var orders = OrdersHost.Build([.. MeshListener(Orders, peer: ordersServes), new("ZeroTrust:Mtls:Servers:billing", billingIs)], billing, DatabaseFile);
        await OrdersHost.CreateDatabaseAsync(orders, cancellationToken);
        await StartAsync(orders);

        await StartAsync(EdgeHost.Build(
            [
                .. Common(Gateway),
                new("ZeroTrust:Mtls:Servers:orders", ordersIs),
                new("ZeroTrust:Listeners:edge:Url", "https://127.0.0.1:0"),
                new("ZeroTrust:Listeners:edge:Role", "Edge"),
                new("ZeroTrust:Oidc:Issuers:login:Authority", _issuer.Authority),
                new("ZeroTrust:Oidc:Issuers:login:Audience", Audience),
                new("ZeroTrust:Oidc:Issuers:login:TrustAnchorFile", issuerAnchor),
            ],
            MeshHost.AddressOf(OrdersApp, "mesh")));
        _users = ConnectUsers();

        Task StartAsync(WebApplication app)
        {
            _hosts.Add(app);
            return MeshHost.StartAsync(app, cancellationToken);
        }
    }

    private IEnumerable<KeyValuePair<string, string?>> MeshListener(string workload, string peer) =>
    [
        .. Common(workload),
        new("ZeroTrust:Listeners:mesh:Url", "https://127.0.0.1:0"),
        new("ZeroTrust:Listeners:mesh:Role", "Mesh"),
        new("ZeroTrust:Listeners:mesh:Peers:0", peer),
    ];

    private IEnumerable<KeyValuePair<string, string?>> Common(string workload)
    {
        var (certificateFile, keyFile, _) = WriteCredential(workload);
        return
        [
            new("ZeroTrust:Mtls:TrustDomain", "example.test"),
            new("ZeroTrust:Mtls:Credential:CertificateFile", certificateFile),
            new("ZeroTrust:Mtls:Credential:KeyFile", keyFile),
            new("ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile", _authority.WriteAnchorTo(_folder.FullName)),
            new("ZeroTrust:Mtls:ReloadInterval", "00:00:00.1"),
            new("ZeroTrust:HealthChecks:PropagationDelay", "00:00:00"),
            new("ZeroTrust:Authz:MintGrants:0:Workload", Gateway),
            new("ZeroTrust:Authz:MintGrants:0:Tenants:0", "*"),
            new("ZeroTrust:Authz:MintGrants:0:SubjectKinds:0", "User"),
            new("ZeroTrust:Authz:MintGrants:0:Permissions:0", "orders:read"),
            new("ZeroTrust:Authz:MintGrants:0:Permissions:1", "orders:write"),
            new("ZeroTrust:Authz:MintGrants:0:Permissions:2", "invoice:write"),
        ];
    }

    private (string CertificateFile, string KeyFile, string Leaf) WriteCredential(string workload)
    {
        using var certificate = _authority.Issue(options =>
        {
            options.SpiffeId = workload;
            options.IpAddresses.Add(IPAddress.Loopback);
        });
        var (certificateFile, keyFile) = certificate.WriteTo(_folder.FullName, workload[(workload.LastIndexOf('/') + 1)..]);
        return (certificateFile, keyFile, Sha256Of(certificate.Certificate));
    }

    private async Task<string> ReplaceCredentialAsync(WebApplication app, string workload)
    {
        var credentials = app.Services.GetRequiredService<IPeerCredentialSource>();
        var replaced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = ChangeToken.OnChange(credentials.GetReloadToken, () => replaced.TrySetResult());
        var leaf = WriteCredential(workload).Leaf;
        await replaced.Task.WaitAsync(TestContext.Current.CancellationToken);
        return leaf;
    }

    private HttpClient ConnectUsers()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(_authority.Certificate);
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = trust } })
        {
            BaseAddress = MeshHost.AddressOf(EdgeApp, "edge"),
        };
    }

    private async Task<Answer> SendAsync(User? user, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (user is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(user));
        }

        using var response = await _users!.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private string TokenOf(User user) => _issuer!.CreateToken(token =>
    {
        token.Claims["sub"] = user.Name;
        token.Claims["tenant"] = user.Tenant;
        token.Claims["permissions"] = new JsonArray([.. user.Permissions.Select(permission => JsonValue.Create(permission))]);
    });
}
