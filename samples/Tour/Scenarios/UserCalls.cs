using ZeroTrust.Samples.Tour.Attack;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenarios 1 to 4: what users, and those who pretend to be, send to the gateway.</summary>
internal static class UserCalls
{
    private static readonly string[] MadeUpHeaders = ["X-Tenant-ID", "X-Subject-ID", "X-Permissions", "Txn-Token", "Txn-Chain"];

    public static IEnumerable<Scenario> All =>
    [
        new(1, "a user's order, gateway to Orders to Billing", OrderAsync),
        new(2, "no token", NoTokenAsync),
        new(3, "wrong issuer, audience, expired, alg none, HS256", BadTokensAsync),
        new(4, "context headers made up by the client", MadeUpHeadersAsync),
    ];

    private static async Task OrderAsync(Stage stage, CancellationToken cancellationToken)
    {
        var token = await stage.TokenAsync(User.Alice, cancellationToken);
        var answer = await stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken);
        var id = answer.Member("id");
        stage.Note("order", "201", answer.Text);
        stage.Note("row of Orders", "acme login/alice", await stage.Mesh.Rows.OrderAsync(id, cancellationToken));
        stage.Note("row of Billing, context narrowed", "acme invoice:write", await stage.Mesh.Rows.InvoiceAsync(id, cancellationToken));
        var read = await stage.GatewayAsync(HttpMethod.Get, $"{Stage.OrdersOf("acme")}/{id}", Stage.Bearer(token), cancellationToken);
        stage.Note("read back", "200 acme", $"{read.Text} {read.Member("tenant")}");
    }

    private static Task NoTokenAsync(Stage stage, CancellationToken cancellationToken) => stage.RefusedAsync(
        "no token",
        401,
        "oidc.token_missing",
        () => stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.NoHeaders, cancellationToken),
        cancellationToken);

    private static async Task BadTokensAsync(Stage stage, CancellationToken cancellationToken)
    {
        var issuer = stage.Mesh.Issuer;
        var forger = new UserTokens(issuer);

        // The writer is good enough for a token that is right in everything; each bad one differs in one thing.
        var control = await stage.GatewayAsync(
            HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(forger.Good()), cancellationToken);
        stage.Note("right in everything (control)", "201", control.Text);
        await RefusedAsync("wrong issuer", "oidc.issuer_unknown", forger.OtherIssuer());
        await RefusedAsync("wrong audience", "oidc.audience_mismatch", forger.OtherAudience());
        await RefusedAsync("expired", "oidc.token_expired", forger.Expired());
        await RefusedAsync("alg: none", "oidc.algorithm_refused", forger.Unsigned());
        await RefusedAsync("HS256 with the public key", "oidc.algorithm_refused", forger.SignedWithThePublicKey());
        await RefusedAsync("another key under the same kid", "oidc.signature_invalid", forger.OtherKey());

        Task RefusedAsync(string what, string code, string token) => stage.RefusedAsync(
            what,
            401,
            code,
            () => stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), Stage.Bearer(token), cancellationToken),
            cancellationToken);

    }

    private static async Task MadeUpHeadersAsync(Stage stage, CancellationToken cancellationToken)
    {
        // The made-up context is Bob's and would be valid between gateway and Orders: it is signed with the gateway's own key.
        var stolen = stage.GatewayContext(User.Bob).Headers;
        var trace = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        KeyValuePair<string, string>[] headers =
        [
            .. Stage.Bearer(await stage.TokenAsync(User.Alice, cancellationToken)),
            new("traceparent", $"00-{trace}-00f067aa0ba902b7-01"),
            new("X-Tenant-ID", User.Bob.Tenant),
            new("X-Subject-ID", "login/bob"),
            new("X-Permissions", User.Bob.Permissions),
            new("Txn-Token", stolen["Txn-Token"]),
            new("Txn-Chain", stolen["Txn-Chain"]),
        ];
        var answer = await stage.GatewayAsync(HttpMethod.Post, Stage.OrdersOf("acme"), headers, cancellationToken);
        stage.Note("order with made-up headers", "201", answer.Text);
        stage.Note("row of Orders", "acme login/alice", await stage.Mesh.Rows.OrderAsync(answer.Member("id"), cancellationToken));

        var stripped = await stage.Mesh.Telemetry.WaitForStrippedHeadersAsync("gateway", trace, MadeUpHeaders.Length, cancellationToken);
        stage.Note("removed by the gateway, in one event", Listed(MadeUpHeaders), Listed(stripped));
        var orders = await stage.Mesh.Telemetry.WaitForSpanAsync("orders", trace, cancellationToken);
        stage.Note("the same call at Orders", "traced", orders ? "traced" : "no trace");
        stage.Note("seen by Orders", Listed([]), Listed(stage.Mesh.Telemetry.StrippedHeaders("orders", trace)));
    }

    private static string Listed(string[] names) => names.Length == 0
        ? "none"
        : names.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(MadeUpHeaders) && names.Length == MadeUpHeaders.Length
            ? $"all {names.Length}"
            : string.Join(' ', names);
}
