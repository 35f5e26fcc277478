using System.Text.Json;

namespace ZeroTrust.Authz.Tests.Vectors;

/// <summary>What every vector is judged in: the time, the trust, the grants and the certificates. <c>world.json</c>.</summary>
internal sealed record VectorWorld(
    string About,
    long Time,
    string TrustDomain,
    IReadOnlyList<string> Anchors,
    IReadOnlyList<string> Denied,
    IReadOnlyList<VectorGrant> MintGrants,
    IReadOnlyList<VectorTokenService> TokenServices,
    IReadOnlyDictionary<string, VectorCertificate> Certificates);

/// <summary>What a workload or a token service may mint.</summary>
internal sealed record VectorGrant(
    string Workload, IReadOnlyList<string> Tenants, IReadOnlyList<string> SubjectKinds, IReadOnlyList<string> Permissions, int MaxLifetime);

/// <summary>A token service: <c>Keys</c> is its JWK Set, <c>Grant.Workload</c> its <c>iss</c>.</summary>
internal sealed record VectorTokenService(JsonElement Keys, VectorGrant Grant);

/// <summary>A certificate with those up to the anchor, and its test key. <c>Workload</c> is null where it names none.</summary>
internal sealed record VectorCertificate(string? Workload, string ChainPem, string TestKeyPem);

/// <summary>One token: what arrives, over whose connection, at whom, and what becomes of it.</summary>
internal sealed record VectorCase(
    string Name,
    string About,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Headers,
    string Sender,
    string Receiver,
    string Verdict,
    string? Code,
    string? Cause,
    VectorContext? Context);

/// <summary>What an accepted token says.</summary>
internal sealed record VectorContext(
    string Tenant,
    string Subject,
    IReadOnlyList<string> Permissions,
    string TransactionId,
    IReadOnlyList<string> CallChain,
    long ExpiresAt);

internal static class VectorFile
{
    /// <summary>The rules in their order; each is a file.</summary>
    public static readonly string[] Rules =
        ["accepted", "rule-0-headers", "rule-1-form", "rule-2-signers", "rule-3-root", "rule-4-times", "rule-5-links", "rule-6-7-ends"];

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Options)!;

    public static void Write<T>(string name, T content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), JsonSerializer.Serialize(content, Options) + "\n");
    }

    public static string PathOf(string name) => RepositoryFile.PathOf($"tests/vectors/context-token/{name}.json");
}
