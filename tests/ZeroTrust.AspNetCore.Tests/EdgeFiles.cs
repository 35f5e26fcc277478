using ZeroTrust.Testing;

namespace ZeroTrust.AspNetCore.Tests;

/// <summary>The files of an edge listener's certificate.</summary>
internal sealed class EdgeFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zerotrust-edge-");

    public EdgeFiles()
    {
        Renew();
        Settings = TestHost.EdgeListener();
        Settings["ZeroTrust:Listeners:edge:CertificateFile"] = Path.Combine(_folder.FullName, "edge.pem");
        Settings["ZeroTrust:Listeners:edge:KeyFile"] = KeyFile;
    }

    public Mesh Mesh { get; } = new();

    public Dictionary<string, string?> Settings { get; }

    public string KeyFile => Path.Combine(_folder.FullName, "edge.key");

    /// <param name="configure">Changes the certificate, which is a good one for shop.example else.</param>
    /// <returns>The thumbprint of the new certificate.</returns>
    public string Renew(Action<TestLeafOptions>? configure = null)
    {
        using var certificate = Mesh.Authority.Issue(options =>
        {
            options.DnsNames.Add("shop.example");
            configure?.Invoke(options);
        });
        certificate.WriteTo(_folder.FullName, "edge");
        return certificate.Certificate.Thumbprint;
    }

    public void SetMode(string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }

    public void Dispose()
    {
        Mesh.Dispose();
        _folder.Delete(recursive: true);
    }
}
