using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ZeroTrust.FuzzTests.Chains;
using ZeroTrust.FuzzTests.Mutation;
using ZeroTrust.FuzzTests.Pki;

namespace ZeroTrust.FuzzTests.Fuzzing;

/// <summary>Encodings to start from: some made here, and those of the conformance corpora where they are at hand.</summary>
internal sealed class Seeds
{
    private const string Variable = "ZEROTRUST_CORPORA";
    private const string Solution = "ZeroTrust.sln";
    private const int MadeChains = 64;
    private const ulong MadeSeed = 1;
    private const string CertificateLabel = "CERTIFICATE";
    private const string CrlLabel = "X509 CRL";

    private Seeds(IReadOnlyList<byte[]> certificates, IReadOnlyList<byte[]> crls)
    {
        Certificates = certificates;
        Crls = crls;
    }

    public static Lazy<Seeds> All { get; } = new(Find);

    public IReadOnlyList<byte[]> Certificates { get; }

    public IReadOnlyList<byte[]> Crls { get; }

    private static Seeds Find()
    {
        var certificates = new List<byte[]>();
        var crls = new List<byte[]>();
        Make(certificates, crls);
        if (FindFolder() is { } folder)
        {
            ReadPkits(Path.Combine(folder, "pkits", "certs"), certificates);
            ReadPkits(Path.Combine(folder, "pkits", "crls"), crls);
            ReadLimbo(Path.Combine(folder, "limbo"), certificates, crls);
        }

        return new Seeds(Distinct(certificates), Distinct(crls));
    }

    private static void Make(List<byte[]> certificates, List<byte[]> crls)
    {
        using var keys = KeyPool.Create();
        var factory = new ChainFactory(keys);
        for (var i = 0; i < MadeChains; i++)
        {
            var chain = factory.Draw(Dice.Of(MadeSeed, i));
            certificates.AddRange([chain.Leaf, .. chain.Bag, .. chain.Anchors]);
        }

        var issuer = factory.Valid(intermediates: 0).Path[0];
        crls.Add(CrlEncoder.Encode(issuer, ChainFactory.Time.AddHours(-1), ChainFactory.Time.AddHours(1)));
        crls.Add(CrlEncoder.Encode(issuer, ChainFactory.Time.AddHours(-1), ChainFactory.Time.AddHours(1), 2, 3, 70_000));
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } stated)
        {
            return stated;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Solution)))
            {
                return Path.Combine(folder, "../shared/corpora");
            }
        }

        return null;
    }

    private static void ReadPkits(string folder, List<byte[]> into)
    {
        if (Directory.Exists(folder))
        {
            into.AddRange(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }
    }

    private static void ReadLimbo(string folder, List<byte[]> certificates, List<byte[]> crls)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "limbo-*.json.gz").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            using var document = JsonDocument.Parse(unpacked);
            Collect(document.RootElement, certificates, crls);
        }
    }

    private static void Collect(JsonElement element, List<byte[]> certificates, List<byte[]> crls)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Collect(member.Value, certificates, crls);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, certificates, crls);
                }

                break;
            case JsonValueKind.String when element.GetString() is { } text && text.StartsWith("-----BEGIN ", StringComparison.Ordinal):
                Collect(text, certificates, crls);
                break;
            default:
                break;
        }
    }

    private static void Collect(string pem, List<byte[]> certificates, List<byte[]> crls)
    {
        if (!System.Security.Cryptography.PemEncoding.TryFind(pem, out var fields))
        {
            return;
        }

        var into = pem[fields.Label] switch
        {
            CertificateLabel => certificates,
            CrlLabel => crls,
            _ => null,
        };
        into?.Add(Convert.FromBase64String(pem[fields.Base64Data]));
    }

    private static byte[][] Distinct(List<byte[]> encodings) => [.. encodings.DistinctBy(Encoding.Latin1.GetString, StringComparer.Ordinal)];
}
