using System.Text;
using System.Text.Json.Nodes;
using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>Writes the vectors: each by hand, with the verdict that the page of the context token says.</summary>
internal sealed partial class VectorBook(VectorPki pki)
{
    private const string Gateway = TestMesh.GatewayId;
    private const string Orders = TestMesh.OrdersId;
    private const string Billing = TestMesh.BillingId;

    private static readonly DateTimeOffset Now = TestMesh.Start;
    private static readonly long Seconds = TestMesh.Start.ToUnixTimeSeconds();

    private readonly List<VectorCase> _cases = [];

    public static IEnumerable<(string Rule, List<VectorCase> Cases)> Write(VectorPki pki)
    {
        Action<VectorBook>[] rules =
        [
            book => book.Accepted(), book => book.RefusedHeaders(), book => book.RefusedForm(), book => book.RefusedSigners(),
            book => book.RefusedRoot(), book => book.RefusedTimes(), book => book.RefusedLinks(), book => book.RefusedEnds(),
        ];
        foreach (var (rule, write) in VectorFile.Rules.Zip(rules))
        {
            var book = new VectorBook(pki);
            write(book);
            yield return (rule, book._cases);
        }
    }

    private string Root(Action<JsonObject>? change = null, string signer = "gateway") => Forge.Root(pki[signer], Now, claims =>
    {
        (claims["iss"], claims["req_wl"]) = (VectorPki.Id(signer), VectorPki.Id(signer));
        change?.Invoke(claims);
    });

    private string Link(
        string previous, Action<JsonObject>? change = null, string signer = "gateway",
        string to = Orders) => Forge.Link(pki[signer], Now, previous, to, change);

    private static string Encode(string text) => CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(text));

    private static JsonObject Claims(string token) => JsonNode.Parse(Decode(token.Split('.')[1]))!.AsObject();

    private static byte[] Decode(string text) => CanonicalBase64Url.TryDecode(text, out var bytes) ? bytes : throw new FormatException();

    /// <summary>A root and its link, by one signer, to orders.</summary>
    private void Accept(string name, string about, string root, string? link = null, string signer = "gateway") =>
        Accept(name, about, root, [link ?? Like(root, signer)], [signer], signer);

    private void Accept(
        string name, string about, string root, string[] links, string[] signers, string sender, string receiver = "orders",
        string? certs = null)
    {
        var claims = Claims(root);
        var last = Claims(links[^1]);
        var context = new VectorContext(
            Text(claims["tctx"]!["tenant_id"]!),
            Text(claims["sub"]!),
            [.. Text(last["scope"]!).Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)],
            Text(claims["txn"]!),
            [Text(claims["req_wl"]!), .. links.Select(link => Text(Claims(link)["to"]!))],
            (long)last["exp"]!);
        var headers = Headers(root, links, certs ?? CertsOf(signers));
        _cases.Add(new VectorCase(name, about, headers, sender, receiver, "accepted", Code: null, Cause: null, context));
    }

    private void Refuse(
        string name, string about, string code, string root, string? link = null, string signer = "gateway", string? cause = null) =>
        Refuse(name, about, code, root, [link ?? Like(root, signer)], [signer], signer, cause: cause);

    private void Refuse(
        string name, string about, string code, string root, string[] links, string[] signers, string sender,
        string receiver = "orders", string? certs = null, string? cause = null) =>
        Refuse(name, about, code, Headers(root, links, certs ?? CertsOf(signers)), sender, receiver, cause);

    private void Refuse(
        string name, string about, string code, Dictionary<string, IReadOnlyList<string>> headers,
        string sender = "gateway", string receiver = "orders", string? cause = null) =>
        _cases.Add(new VectorCase(name, about, headers, sender, receiver, "refused", code, cause, Context: null));

    private static Dictionary<string, IReadOnlyList<string>> Headers(string root, string[] links, string certs)
    {
        return new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            [TxnHeaderNames.Token] = [root],
            [TxnHeaderNames.Chain] = [string.Join('~', links)],
            [TxnHeaderNames.Certs] = [certs],
        };
    }

    private string CertsOf(params IEnumerable<string> signers) =>
        Forge.Certs(signers.Distinct(StringComparer.Ordinal).Select(signer => pki[signer]));

    private static string Text(JsonNode node) => (string)node!;

    // A link that follows a root whatever it is, so that the root alone is at fault.
    private string Like(string root, string signer) => Link(root, signer: signer);
}
