using System.Net;
using System.Text.Json.Nodes;
using ZeroTrust.Testing;

namespace ZeroTrust.IntegrationTests.Interop;

/// <summary>
/// The workloads of <c>samples/Interop</c>, written in other languages from the page alone, with services of .NET over mutual TLS.
/// </summary>
public sealed class InteropTests
{
    private static readonly string[] Arguments = ["acme", "idp/alice", "orders:write", "orders:read"];

    [Theory]
    [InlineData("python", "check_vectors")]
    [InlineData("node", "check-vectors")]
    public async Task Every_test_vector_is_judged_as_stated(string language, string script)
    {
        Language.Of(language).Require();

        var (exitCode, output) = await Language.Of(language).RunAsync(script);

        Assert.True(exitCode == 0, output);
        Assert.Contains(" vectors as stated, 4 senders accepted", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python", "check_vectors")]
    [InlineData("node", "check-vectors")]
    public async Task A_folder_without_vectors_is_told_in_one_line(string language, string script)
    {
        Language.Of(language).Require();
        var path = Path.Combine(Path.GetTempPath(), Guid.CreateVersion7().ToString());

        var (exitCode, output) = await Language.Of(language).RunAsync(script, path);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"{path} holds no world.json: give the path of tests/vectors/context-token", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("python", TestKeyAlgorithm.EcdsaP256, false)]
    [InlineData("python", TestKeyAlgorithm.EcdsaP384, true)]
    [InlineData("python", TestKeyAlgorithm.Rsa2048, false)]
    [InlineData("node", TestKeyAlgorithm.EcdsaP256, false)]
    [InlineData("node", TestKeyAlgorithm.EcdsaP384, true)]
    [InlineData("node", TestKeyAlgorithm.Rsa2048, false)]
    public async Task A_service_of_dotnet_accepts_what_it_sends(string language, TestKeyAlgorithm key, bool behindIntermediate)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        var settings = mesh.WriteSettings(
            InteropMesh.Sender, mesh.OrdersAddress, leaf: options => options.Key = key, behindIntermediate: behindIntermediate);

        IsAlice(await SendAsync(language, settings), InteropMesh.Sender, InteropMesh.Orders);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task A_workload_with_a_dns_name_sends(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();

        IsAlice(
            await SendAsync(language, mesh.WriteSettings(InteropMesh.Ledger, mesh.OrdersAddress)), InteropMesh.Ledger, InteropMesh.Orders);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task It_accepts_what_a_service_of_dotnet_sends(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        using var hop = await OutsideHop.StartAsync(Language.Of(language), mesh.WriteSettings(InteropMesh.Hop));

        var (status, body) = await mesh.CallAsGatewayAsync(hop.Address, InteropMesh.Hop);

        Assert.True(status == HttpStatusCode.OK, $"{body} {hop.Output}");
        IsAlice(body, InteropMesh.Gateway, InteropMesh.Hop);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task It_refuses_who_may_not_mint(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        using var hop = await OutsideHop.StartAsync(
            Language.Of(language), mesh.WriteSettings(InteropMesh.Hop, minters: [InteropMesh.Sender]));

        var (status, body) = await mesh.CallAsGatewayAsync(hop.Address, InteropMesh.Hop);

        Assert.Equal((HttpStatusCode.Forbidden, "urn:zerotrust:rejection:authz.mint_grant_missing"), (status, (string?)body["type"]));
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task It_hands_on_between_two_services_of_dotnet(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        using var hop = await OutsideHop.StartAsync(
            Language.Of(language), mesh.WriteSettings(InteropMesh.Hop, mesh.OrdersAddress, behindIntermediate: true));

        var (status, body) = await mesh.CallAsGatewayAsync(hop.Address, InteropMesh.Hop);

        Assert.True(status == HttpStatusCode.OK, $"{body} {hop.Output}");
        IsAlice(body, InteropMesh.Gateway, InteropMesh.Hop, InteropMesh.Orders);
    }

    [Theory]
    [InlineData("python", "node")]
    [InlineData("node", "python")]
    public async Task One_language_sends_another_hands_on_to_dotnet(string sender, string handsOn)
    {
        Language.Of(sender).Require();
        Language.Of(handsOn).Require();
        await using var mesh = await InteropMesh.StartAsync();
        using var hop = await OutsideHop.StartAsync(Language.Of(handsOn), mesh.WriteSettings(InteropMesh.Hop, mesh.OrdersAddress));

        IsAlice(
            await SendAsync(sender, mesh.WriteSettings(InteropMesh.Sender, hop.Address, InteropMesh.Hop)),
            InteropMesh.Sender, InteropMesh.Hop, InteropMesh.Orders);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task It_sends_nothing_to_a_server_of_another_name(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        var settings = mesh.WriteSettings(InteropMesh.Sender, mesh.OrdersAddress, "spiffe://example.test/billing");

        var (exitCode, output) = await Language.Of(language).RunAsync("send", [settings, .. Arguments]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("mtls.server_identity_mismatch", output, StringComparison.Ordinal);
        Assert.Equal(0, mesh.RequestsAtOrders);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task A_refusal_of_dotnet_reaches_it_with_its_code(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        var settings = mesh.WriteSettings(InteropMesh.Sender, mesh.OrdersAddress);

        var (_, output) = await Language.Of(language).RunAsync("send", [settings, "globex", "idp/alice", "orders:read"]);

        Assert.StartsWith("403 ", output, StringComparison.Ordinal);
        Assert.Contains("authz.mint_tenant_not_granted", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("python")]
    [InlineData("node")]
    public async Task The_log_of_dotnet_names_the_claim_and_the_answer_does_not(string language)
    {
        Language.Of(language).Require();
        await using var mesh = await InteropMesh.StartAsync();
        var settings = mesh.WriteSettings(InteropMesh.Sender, mesh.OrdersAddress);

        var (_, output) = await Language.Of(language).RunAsync("send", [settings, "acme", "auth0|alice", "orders:read"]);

        Assert.StartsWith("401 ", output, StringComparison.Ordinal);
        Assert.Contains("authz.token_malformed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("sub", output, StringComparison.Ordinal);
        var refusal = Assert.Single(mesh.RefusalsOfOrders);
        Assert.Contains(
            "Root: sub: wanted [A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}, found a string of 11 characters", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("auth0", refusal, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> SendAsync(string language, string settings)
    {
        var (_, output) = await Language.Of(language).RunAsync("send", [settings, .. Arguments]);
        Assert.True(output.StartsWith("200 ", StringComparison.Ordinal), output);
        return JsonNode.Parse(output[4..])!;
    }

    private static void IsAlice(JsonNode context, params string[] callChain)
    {
        Assert.Equal("acme idp/alice", $"{context["tenant"]} {context["subject"]}");
        Assert.Equal("orders:read orders:write", string.Join(' ', context["permissions"]!.AsArray().Select(node => (string?)node)));
        Assert.Equal(string.Join(' ', callChain), string.Join(' ', context["callChain"]!.AsArray().Select(node => (string?)node)));
    }
}
