using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;
using ZeroTrust.Samples.Tour.Output;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>What a scenario plays with: the running mesh, ways to call it, and the steps it notes down.</summary>
internal sealed class Stage(TourMesh mesh)
{
    public const string SampleOrder = """{ "product": "lamp", "quantity": 2 }""";

    private readonly List<Step> _steps = [];

    public TourMesh Mesh => mesh;

    public IReadOnlyList<Step> Steps => _steps;

    public static IEnumerable<KeyValuePair<string, string>> NoHeaders => [];

    public static string OrdersOf(string tenant) => $"/tenants/{tenant}/orders";

    public static IEnumerable<KeyValuePair<string, string>> Bearer(string token) => [new("Authorization", "Bearer " + token)];

    public void Note(string what, string expected, string actual) => _steps.Add(new Step(what, expected, null, actual, null));

    public void Note(string what, string expected, string? expectedCode, string actual, string? code) =>
        _steps.Add(new Step(what, expected, expectedCode, actual, code));

    /// <summary>Plays a call that must be refused: notes its status, its code, and whether any row appeared in any database.</summary>
    public async Task RefusedAsync(
        string what, int status, string code, Func<Task<Answer>> call, CancellationToken cancellationToken)
    {
        var before = await mesh.Rows.TotalAsync(cancellationToken);
        var answer = await call();
        var change = await ChangeAsync(before, cancellationToken);
        Note(what, $"{status}, no row", code, $"{answer.Text}, {change}", answer.Code);
    }

    /// <summary>The same for a gRPC call.</summary>
    public async Task RefusedRpcAsync(
        string what, string status, string code, Func<Task<RpcAnswer>> call, CancellationToken cancellationToken)
    {
        var before = await mesh.Rows.TotalAsync(cancellationToken);
        var answer = await call();
        var change = await ChangeAsync(before, cancellationToken);
        Note(what, $"{status}, no row", code, $"{answer.Text}, {change}", answer.Code);
    }

    public async Task<string> TokenAsync(User user, CancellationToken cancellationToken) =>
        await mesh.Issuer.GetTokenAsync(user, cancellationToken);

    /// <summary>A user's call of the gateway, without any client certificate.</summary>
    public async Task<Answer> GatewayAsync(
        HttpMethod method,
        string path,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken,
        string? json = null,
        int? port = null)
    {
        var url = Addresses.Https(port ?? mesh.Addresses.GatewayEdge, path);
        return await mesh.As(null).SendAsync(method, url, method == HttpMethod.Post ? json ?? SampleOrder : null, headers, cancellationToken);
    }

    /// <summary>A call of Orders' mesh listener, with any certificate.</summary>
    public async Task<Answer> OrdersAsync(
        Identity? identity,
        HttpMethod method,
        string path,
        IEnumerable<KeyValuePair<string, string>> headers,
        CancellationToken cancellationToken) => await mesh.As(identity).SendAsync(
            method,
            Addresses.Https(mesh.Addresses.OrdersMesh, path),
            method == HttpMethod.Post ? SampleOrder : null,
            headers,
            cancellationToken);

    public Rpc OrdersRpc(Identity identity) => new(mesh.As(identity), mesh.Addresses.OrdersMesh);

    public Rpc BillingRpc(Identity identity) => new(mesh.As(identity), mesh.Addresses.BillingMesh);

    /// <summary>A context as the gateway would mint it and hand it to Orders, written by the attacker's own code with the gateway's key.</summary>
    public ContextToken GatewayContext(User user, string? scope = null)
    {
        var gateway = mesh.Certificates.Gateway;
        var permissions = scope ?? user.Permissions;
        return ContextToken.Mint(gateway, user.Tenant, $"login/{user.Name}", permissions)
            .Link(gateway, Certificates.SpiffeId("orders"), permissions);
    }

    private async Task<string> ChangeAsync(int before, CancellationToken cancellationToken)
    {
        var added = await mesh.Rows.TotalAsync(cancellationToken) - before;
        return added == 0 ? "no row" : $"{added} rows";
    }
}
