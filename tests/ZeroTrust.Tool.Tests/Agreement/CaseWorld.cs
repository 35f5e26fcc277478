using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ZeroTrust.Tool.Tests.Support;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>The authorities of all cases, and the settings of the service that judges them.</summary>
internal sealed class CaseWorld : IDisposable
{
    public const string Secret = "hunter2-correct-horse";

    private readonly TempFolder _folder = new();

    public CaseWorld()
    {
        Root = CaseAuthority.Root("root");
        RsaRoot = CaseAuthority.Root("rsa root", Keys.Rsa);
        CrossRoot = CaseAuthority.Root("cross root");
        Intermediate = Root.Below("intermediate");
        CrlRoot = CaseAuthority.Root("crl root");
        CrlIntermediate = CrlRoot.Below("crl intermediate");
        CrlRevoked = CrlRoot.Below("revoked intermediate");
        GapRoot = CaseAuthority.Root("gap root");
        GapIntermediate = GapRoot.Below("gap intermediate");
        StaleRoot = CaseAuthority.Root("stale root");
        PfxRoot = CaseAuthority.Root("pfx root");
        PartnerRoot = CaseAuthority.Root("partner root");
        PartnerIntermediate = PartnerRoot.Below("partner intermediate");
        RevokedLeaf = LeafOf("spiffe://crl.test/gateway");
        Revoked = CrlIntermediate.Sign(RevokedLeaf);
        Denied = Intermediate.Sign(LeafOf("spiffe://example.test/gateway"));
        DeniedSerial = [0x51, 0x52, 0x53, 0x54];
        WriteFiles();
        Settings = _folder.Write("appsettings.json", Service().ToJsonString());
    }

    public CaseAuthority Root { get; }

    public CaseAuthority RsaRoot { get; }

    public CaseAuthority CrossRoot { get; }

    public CaseAuthority Intermediate { get; }

    public CaseAuthority CrlRoot { get; }

    public CaseAuthority CrlIntermediate { get; }

    public CaseAuthority CrlRevoked { get; }

    public CaseAuthority GapRoot { get; }

    public CaseAuthority GapIntermediate { get; }

    public CaseAuthority StaleRoot { get; }

    public CaseAuthority PfxRoot { get; }

    public CaseAuthority PartnerRoot { get; }

    public CaseAuthority PartnerIntermediate { get; }

    public Draft RevokedLeaf { get; }

    public byte[] Revoked { get; }

    /// <summary>A leaf that the deny-list names by its hash.</summary>
    public byte[] Denied { get; }

    /// <summary>A serial number of <see cref="Intermediate"/> that the deny-list names.</summary>
    public byte[] DeniedSerial { get; }

    public string Settings { get; }

    public string Folder => _folder.Path;

    public static Draft LeafOf(string spiffeId) => Draft.Leaf(spiffeId);

    /// <summary>The same settings, changed, in a file of their own.</summary>
    public string Change(Action<JsonObject> change)
    {
        var settings = Service();
        change(settings["ZeroTrust"]!.AsObject());
        return _folder.Write($"appsettings.{Guid.CreateVersion7():N}.json", settings.ToJsonString());
    }

    /// <summary>A file of this world.</summary>
    public string File(string name) => _folder.File(name);

    public string Write(string name, ReadOnlyMemory<byte> content) => _folder.Write(name, content);

    public void Dispose() => _folder.Dispose();

    private void WriteFiles()
    {
        _folder.Write("anchors.pem", Root.Pem + RsaRoot.Pem);
        _folder.Write("crl.pem", CrlRoot.Pem);
        _folder.Write("gap.pem", GapRoot.Pem);
        _folder.Write("partner.pem", PartnerRoot.Pem);
        _folder.Write("stale.pem", StaleRoot.Pem);
        using var pfxRoot = X509CertificateLoader.LoadCertificate(PfxRoot.Der);
        _folder.Write("anchors.pfx", new X509Certificate2Collection(pfxRoot).Export(X509ContentType.Pkcs12, Secret)!);
        _folder.Write("crl-root.crl", CrlRoot.IssueCrl([CrlRevoked.Der]));
        _folder.Write("crl-leaves.crl", CrlIntermediate.IssueCrl([Revoked]));
        _folder.Write("crl-revoked.crl", CrlRevoked.IssueCrl([]));
        _folder.Write("gap-root.crl", GapRoot.IssueCrl([]));
        _folder.Write("stale.crl", StaleRoot.IssueCrl([], TimeProvider.System.GetUtcNow().AddDays(-1)));
        _folder.Write("issuer.pem", Intermediate.Pem);
        _folder.Write(
            "denied.txt",
            $"workload spiffe://example.test/denied # stolen\nleaf {Convert.ToHexString(SHA256.HashData(Denied))}\n"
            + $"serial {Convert.ToHexString(DeniedSerial)} {_folder.File("issuer.pem")}\nend\n");
        var own = LeafOf("spiffe://example.test/orders");
        _folder.Write("own.pem", PemEncoding.WriteString("CERTIFICATE", Intermediate.Sign(own)) + "\n" + Intermediate.Pem);
        _folder.Write("own.key", Keys.P256.ExportEncryptedPkcs8PrivateKeyPem(Secret, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(_folder.File("own.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private JsonObject Service() => new()
    {
        ["ZeroTrust"] = new JsonObject
        {
            ["Mtls"] = new JsonObject
            {
                ["TrustDomain"] = "example.test",
                ["Credential"] = new JsonObject
                {
                    ["CertificateFile"] = _folder.File("own.pem"),
                    ["KeyFile"] = _folder.File("own.key"),
                    ["KeyPassword"] = Secret,
                },
                ["DenyListFile"] = _folder.File("denied.txt"),
                ["TrustDomains"] = new JsonObject
                {
                    ["example.test"] = Domain("anchors.pem"),
                    ["crl.test"] = Domain("crl.pem", "crl-root.crl", "crl-leaves.crl", "crl-revoked.crl"),
                    ["gap.test"] = Domain("gap.pem", "gap-root.crl"),
                    ["stale.test"] = Domain("stale.pem", "stale.crl"),
                    ["pfx.test"] = new JsonObject { ["AnchorFile"] = _folder.File("anchors.pfx"), ["AnchorPassword"] = Secret, ["MaxLeafLifetime"] = "02:00:00" },
                },
                ["Servers"] = new JsonObject
                {
                    ["gateway"] = "spiffe://example.test/gateway",
                    ["crl"] = "spiffe://crl.test/gateway",
                    ["dns"] = "dns:gateway.example.test",
                    ["denied"] = "spiffe://example.test/denied",
                    ["partner"] = new JsonObject
                    {
                        ["Workload"] = "dns:api.partner.example",
                        ["AnchorFile"] = _folder.File("partner.pem"),
                        ["MaxLeafLifetime"] = "90.00:00:00",
                        ["SendCertificate"] = true,
                    },
                },
            },
            ["Listeners"] = new JsonObject
            {
                ["mesh"] = new JsonObject
                {
                    ["Url"] = "https://127.0.0.1:0",
                    ["Role"] = "Mesh",
                    ["Peers"] = new JsonArray(
                        "spiffe://example.test/gateway",
                        "spiffe://example.test/denied",
                        "spiffe://crl.test/gateway",
                        "spiffe://gap.test/gateway",
                        "spiffe://stale.test/gateway",
                        "spiffe://pfx.test/gateway",
                        "dns:gateway.example.test"),
                    ["ForwardingProxies"] = new JsonArray("spiffe://example.test/proxy"),
                },
            },
        },
    };

    private JsonObject Domain(string anchors, params string[] crls) => new()
    {
        ["AnchorFile"] = _folder.File(anchors),
        ["CrlFiles"] = new JsonArray([.. crls.Select(crl => (JsonNode)_folder.File(crl))]),
    };
}
