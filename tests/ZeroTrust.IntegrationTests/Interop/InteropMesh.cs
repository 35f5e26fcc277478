using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Authz;
using ZeroTrust.IntegrationTests.Mesh;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Interop;

/// <summary>
/// One authority, an Orders of .NET that answers with the context it got, and certificates for workloads of other languages.
/// </summary>
internal sealed class InteropMesh : IAsyncDisposable
{
    public const string Gateway = "spiffe://example.test/gateway";
    public const string Orders = "spiffe://example.test/orders";
    public const string Hop = "spiffe://example.test/hop";
    public const string Sender = "spiffe://example.test/sender";
    public const string Ledger = "dns:ledger.example.test";

    private static readonly string[] Minters = [Gateway, Sender, Ledger];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-");
    private readonly TestCertificateAuthority _authority = TestCertificateAuthority.Create("mesh root");
    private readonly TestCertificateAuthority _intermediate;
    private readonly List<WebApplication> _hosts = [];
    private int _names;

    private InteropMesh() => _intermediate = _authority.CreateIntermediate("mesh intermediate");

    public Uri OrdersAddress => new(MeshHost.AddressOf(_hosts[0], "mesh"), "/context");

    /// <summary>The refusals Orders logged.</summary>
    public IEnumerable<string> RefusalsOfOrders => _hosts[0].Services.GetRequiredService<EventLog>().Named("CallRefused");

    public int RequestsAtOrders => _hosts[0].Services.GetRequiredService<RequestCount>().Value;

    public static async Task<InteropMesh> StartAsync()
    {
        var mesh = new InteropMesh();
        try
        {
            await mesh.StartOrdersAsync();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the settings of a workload of another language, with its certificate.</summary>
    /// <param name="workload">Its id.</param>
    /// <param name="next">Whom it calls; null for nobody.</param>
    /// <param name="nextIs">Whom it takes that for.</param>
    /// <param name="leaf">Changes its leaf.</param>
    /// <param name="behindIntermediate">Whether an intermediate issues it.</param>
    /// <param name="minters">Whose roots it believes.</param>
    public string WriteSettings(
        string workload,
        Uri? next = null,
        string nextIs = Orders,
        Action<TestLeafOptions>? leaf = null,
        bool behindIntermediate = false,
        string[]? minters = null)
    {
        var (certificateFile, keyFile) = WriteCredential(workload, leaf, behindIntermediate);
        var settings = new JsonObject
        {
            ["trustDomain"] = "example.test",
            ["certificate"] = certificateFile,
            ["key"] = keyFile,
            ["anchors"] = _authority.WriteAnchorTo(_folder.FullName),
            ["peers"] = new JsonArray(Gateway, Sender),
            ["mintGrants"] = new JsonArray([.. (minters ?? Minters).Select(minter => new JsonObject
            {
                ["workload"] = minter,
                ["tenants"] = new JsonArray("acme"),
                ["subjectKinds"] = new JsonArray("User"),
                ["permissions"] = new JsonArray("orders:read", "orders:write"),
            })]),
        };
        if (next is not null)
        {
            settings["next"] = new JsonObject { ["url"] = next.ToString(), ["workload"] = nextIs };
        }

        var file = Path.Combine(_folder.FullName, $"{NextName()}.json");
        File.WriteAllText(file, settings.ToJsonString());
        return file;
    }

    /// <summary>Begins a context at a gateway of .NET and calls a server with it.</summary>
    public async Task<(HttpStatusCode Status, JsonNode Body)> CallAsGatewayAsync(Uri server, string serverIs)
    {
        var builder = MeshHost.CreateBuilder([.. Settings(Gateway), new("ZeroTrust:Mtls:Servers:next", serverIs)]);
        builder.AddZeroTrustDefaults();
        builder.Services.AddHttpClient("next").AddMtls("next").AddAuthz();
        var app = MeshHost.BuildProtected(builder);
        _hosts.Add(app);
        await MeshHost.StartAsync(app, TestContext.Current.CancellationToken);

        var minted = app.Services.GetRequiredService<AuthzContextMinter>()
            .Mint(TenantId.Parse("acme"), SubjectId.Parse("idp/alice"), PermissionSet.Parse("orders:read orders:write"))
            .GetOrThrow();
        using var scope = app.Services.GetRequiredService<IAuthzContextAccessor>().Enter(minted);
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("next");
        using var response = await client.GetAsync(server, TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }

        _intermediate.Dispose();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private string NextName() => $"workload-{++_names}";

    private async Task StartOrdersAsync()
    {
        var builder = MeshHost.CreateBuilder(Settings(Orders));
        builder.AddZeroTrustDefaults();
        var app = MeshHost.BuildProtected(builder);
        app.MapGet(
            "/context", (IAuthzContextAccessor accessor) => Results.Text(Describe(accessor.Current!), "application/json")).RequireContext();
        _hosts.Add(app);
        await MeshHost.StartAsync(app, TestContext.Current.CancellationToken);
    }

    private static string Describe(AuthzContext context) => JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["tenant"] = context.Tenant.ToString(),
        ["subject"] = context.Subject.ToString(),
        ["permissions"] = context.Permissions,
        ["transactionId"] = context.TransactionId,
        ["callChain"] = context.CallChain.Select(workload => workload.ToString()),
        ["expiresAt"] = context.ExpiresAt.ToUnixTimeSeconds(),
    });

    private IEnumerable<KeyValuePair<string, string?>> Settings(string workload)
    {
        var (certificateFile, keyFile) = WriteCredential(workload, leaf: null, behindIntermediate: true);
        string[] peers = [Gateway, Hop, Sender, Ledger];
        return
        [
            new("ZeroTrust:Mtls:TrustDomain", "example.test"),
            new("ZeroTrust:Mtls:Credential:CertificateFile", certificateFile),
            new("ZeroTrust:Mtls:Credential:KeyFile", keyFile),
            new("ZeroTrust:Mtls:TrustDomains:example.test:AnchorFile", _authority.WriteAnchorTo(_folder.FullName)),
            new("ZeroTrust:Listeners:mesh:Url", "https://127.0.0.1:0"),
            new("ZeroTrust:Listeners:mesh:Role", "Mesh"),
            .. peers.Select((peer, index) => KeyValuePair.Create($"ZeroTrust:Listeners:mesh:Peers:{index}", (string?)peer)),
            new("ZeroTrust:HealthChecks:PropagationDelay", "00:00:00"),
            .. Minters.SelectMany((minter, index) => new KeyValuePair<string, string?>[]
            {
                new($"ZeroTrust:Authz:MintGrants:{index}:Workload", minter),
                new($"ZeroTrust:Authz:MintGrants:{index}:Tenants:0", "acme"),
                new($"ZeroTrust:Authz:MintGrants:{index}:SubjectKinds:0", "User"),
                new($"ZeroTrust:Authz:MintGrants:{index}:Permissions:0", "orders:read"),
                new($"ZeroTrust:Authz:MintGrants:{index}:Permissions:1", "orders:write"),
            }),
        ];
    }

    private (string CertificateFile, string KeyFile) WriteCredential(
        string workload, Action<TestLeafOptions>? leaf, bool behindIntermediate)
    {
        using var certificate = (behindIntermediate ? _intermediate : _authority).Issue(options =>
        {
            options.IpAddresses.Add(IPAddress.Loopback);
            if (workload.StartsWith("dns:", StringComparison.Ordinal))
            {
                options.DnsNames.Add(workload[4..]);
            }
            else
            {
                options.SpiffeId = workload;
            }

            leaf?.Invoke(options);
        });
        return certificate.WriteTo(_folder.FullName, NextName());
    }
}
