using System.Text.Json;
using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>Reads vectors of the NIST Public Key Interoperability Test Suite.</summary>
internal static class PkitsCorpus
{
    private const string Folder = "pkits";
    private const string PolicyName = "NIST-test-policy-";
    private const string PolicyArc = "2.16.840.1.101.3.2.1.48.";

    // Within the life of the suite's certificates and CRLs, 2010 to 2030, and past those that are meant to have expired.
    private static readonly DateTimeOffset Moment = new(2011, 4, 15, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<CorpusFile> Read(Corpora corpora)
    {
        var folder = Path.Combine(corpora.Root, Folder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "vectors*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path => new CorpusFile(Folder, corpora.NameOf(path), ReadVectors(folder, path)))
            : [];
    }

    private static ConformanceCase[] ReadVectors(string folder, string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        string[] places = [Path.GetDirectoryName(path)!, folder];
        return [.. document.RootElement.EnumerateArray().Select(element => Map(element, places))];
    }

    private static ConformanceCase Map(JsonElement element, string[] places)
    {
        var id = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("Name", out var name) ? name.ToString() : "without name";
        try
        {
            var vector = element.Deserialize<PkitsVector>()!;
            return vector switch
            {
                { ShouldValidate: null } => ConformanceCase.Skip(id, "no ShouldValidate"),
                { CertPath: null or { Length: < 2 } } => ConformanceCase.Skip(id, "CertPath without an anchor and a leaf"),
                _ => Map(vector, places),
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException or IOException)
        {
            return ConformanceCase.Skip(id, exception.Message);
        }
    }

    private static ConformanceCase Map(PkitsVector vector, string[] places) => new()
    {
        Id = vector.Name,
        Accepted = vector.ShouldValidate!.Value,
        Anchors = [Load(vector.CertPath![0], "certs", places)],
        Intermediates = [.. vector.CertPath[1..^1].Select(file => Load(file, "certs", places))],
        Leaf = Load(vector.CertPath[^1], "certs", places),
        Crls = [.. (vector.CRLPath ?? []).Select(file => Load(file, "crls", places))],
        Time = Moment,
        Policies =
        [
            new()
            {
                Profile = PathProfile.Rfc5280,
                Revocation = RevocationMode.HardFail,
                CertificatePolicies = [.. (vector.InitialPolicySet ?? ["anyPolicy"]).Select(PolicyOf)],
                RequireExplicitPolicy = vector.InitialExplicitPolicy,
                InhibitPolicyMapping = vector.InitialPolicyMappingInhibit,
                InhibitAnyPolicy = vector.InitialAnyPolicyInhibit,
                TolerateLegacyIssuers = true, // the suite is of RFC 3280
            },
        ],
    };

    private static string PolicyOf(string name) =>
        name == "anyPolicy" ? PathPolicy.AnyPolicy
        : name.StartsWith(PolicyName, StringComparison.Ordinal) ? PolicyArc + name[PolicyName.Length..]
        : throw new FormatException($"unknown policy: {name}");

    private static ReadOnlyMemory<byte> Load(string file, string subfolder, string[] places)
    {
        var path = places.SelectMany(place => new[] { Path.Combine(place, subfolder, file), Path.Combine(place, file) }).FirstOrDefault(File.Exists);
        return path is null ? throw new FileNotFoundException($"missing file: {file}") : File.ReadAllBytes(path);
    }
}
