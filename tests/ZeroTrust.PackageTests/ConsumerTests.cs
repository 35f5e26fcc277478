using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace ZeroTrust.PackageTests;

/// <summary>A new project outside the repository, made of nothing but the packages and the README's code.</summary>
public sealed partial class ConsumerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("zerotrust-consumer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Readme_service_compiles_from_the_packages_and_refuses_an_anonymous_call()
    {
        var token = TestContext.Current.CancellationToken;
        var version = PackageFolder.Version(PackageFolder.OfThisCommit()[0]);
        var port = FreePort();
        WriteProject(PackageFolder.Path, version, port);
        using var authority = WriteCertificates();
        await BuildAsync(token);

        using var service = Process.Start(new ProcessStartInfo("dotnet", ["bin/Debug/net10.0/Consumer.dll"])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_ENVIRONMENT"] = "Production", ["DOTNET_EnableDiagnostics"] = "0" },
        })!;
        var output = Task.WhenAll(service.StandardOutput.ReadToEndAsync(token), service.StandardError.ReadToEndAsync(token));
        try
        {
            using var response = await CallAsync(service, port, authority, token);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            Assert.Contains("urn:zerotrust:rejection:oidc.token_missing", await response.Content.ReadAsStringAsync(token), StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.IAssertionException)
        {
            service.Kill(entireProcessTree: true);
            throw new InvalidOperationException(string.Join('\n', await output), failure);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
        }
    }

    private static async Task<HttpResponseMessage> CallAsync(Process service, int port, X509Certificate2 authority, CancellationToken token)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = TrustOnly(authority) } });
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await client.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}/orders/1")), token);
            }
            catch (HttpRequestException) when (!service.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(100, token);
            }
        }
    }

    private static X509ChainPolicy TrustOnly(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WriteProject(string feed, string version, int port)
    {
        Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="folder" value="{feed}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="folder"><package pattern="ZeroTrust*" /></packageSource>
                <packageSource key="nuget.org"><package pattern="*" /></packageSource>
              </packageSourceMapping>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="machine" value="{GlobalPackages()}" /></fallbackPackageFolders>
            </configuration>
            """);
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="ZeroTrust" Version="{version}" /></ItemGroup>
            </Project>
            """);
        Write("Program.cs", Snippet().Match(File.ReadAllText(Path.Combine(PackageFolder.Root, "README.md"))).Groups["code"].Value);
        Write("appsettings.json", $$"""
            {
              "ZeroTrust": {
                "Listeners": { "edge": { "Url": "https://127.0.0.1:{{port}}", "Role": "Edge" } },
                "Mtls": {
                  "TrustDomain": "example.test",
                  "Credential": { "CertificateFile": "service.pem", "KeyFile": "service.key" },
                  "TrustDomains": { "example.test": { "AnchorFile": "ca.pem" } }
                },
                "Authz": {
                  "MintGrants": [
                    { "Workload": "spiffe://example.test/service", "Tenants": [ "*" ], "SubjectKinds": [ "User" ], "Permissions": [ "orders:read" ] }
                  ]
                },
                "Oidc": { "Issuers": { "main": { "Authority": "https://localhost:1/", "Audience": "orders" } } },
                "HealthChecks": { "Dependencies": { "oidc.keys.main": { "Critical": false } } }
              }
            }
            """);
    }

    private X509Certificate2 WriteCertificates()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest("CN=consumer test CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        var ca = caRequest.CreateSelfSigned(now.AddMinutes(-1), now.AddHours(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=service", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("spiffe://example.test/service"));
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        using var leaf = request.Create(ca, now.AddMinutes(-1), now.AddHours(1), RandomNumberGenerator.GetBytes(16));

        Write("ca.pem", ca.ExportCertificatePem());
        Write("service.pem", leaf.ExportCertificatePem());
        Write("service.key", key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, "service.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return ca;
    }

    private async Task BuildAsync(CancellationToken token)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", "-v", "q", "--disable-build-servers"])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CI"] = "false" },
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(Limit);
        var output = await build.StandardOutput.ReadToEndAsync(limit.Token);
        await build.WaitForExitAsync(limit.Token);

        Assert.True(build.ExitCode == 0, output);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static string GlobalPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [GeneratedRegex("<!-- snippet: ProtectedService -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Snippet();
}
