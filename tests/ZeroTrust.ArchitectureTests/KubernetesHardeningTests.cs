using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using YamlDotNet.RepresentationModel;

namespace ZeroTrust.ArchitectureTests;

/// <summary>What the pod and the image of <c>samples/Kubernetes</c> are not allowed to do, and what is not in their files.</summary>
public sealed partial class KubernetesHardeningTests : IAsyncDisposable
{
    private readonly OrdersPod _orders = new();

    public ValueTask DisposeAsync() => _orders.DisposeAsync();

    [Theory]
    [InlineData("automountServiceAccountToken", "false")]
    [InlineData("enableServiceLinks", "false")]
    [InlineData("securityContext/runAsNonRoot", "true")]
    [InlineData("securityContext/runAsUser", "1654")]
    [InlineData("securityContext/runAsGroup", "1654")]
    [InlineData("securityContext/fsGroup", "1654")]
    [InlineData("securityContext/seccompProfile/type", "RuntimeDefault")]
    [InlineData("containers/0/securityContext/allowPrivilegeEscalation", "false")]
    [InlineData("containers/0/securityContext/readOnlyRootFilesystem", "true")]
    [InlineData("containers/0/securityContext/capabilities/drop/0", "ALL")]
    public void Pod_is_hardened(string field, string value) => Assert.Equal(value, _orders.Pod.Value(field.Split('/')));

    [Theory]
    [InlineData("hostNetwork")]
    [InlineData("hostPID")]
    [InlineData("hostIPC")]
    [InlineData("shareProcessNamespace")]
    [InlineData("containers/0/securityContext/privileged")]
    [InlineData("containers/0/securityContext/capabilities/add")]
    [InlineData("containers/0/envFrom")]
    public void Pod_is_not_opened(string field) => Assert.Null(_orders.Pod.Find(field.Split('/')));

    [Fact]
    public void Resources_are_bounded()
    {
        Assert.NotNull(_orders.Container.Value("resources", "requests", "cpu"));
        Assert.NotNull(_orders.Container.Value("resources", "requests", "memory"));
        Assert.NotNull(_orders.Container.Value("resources", "limits", "memory"));
        Assert.All(_orders.Pod.Items("volumes").Where(volume => volume.Find("emptyDir") is not null), volume => Assert.NotNull(volume.Value("emptyDir", "sizeLimit")));
    }

    [Fact]
    public void Runtime_diagnostics_are_off_in_the_manifest_and_in_the_image()
    {
        Assert.Equal("0", _orders.Variables["DOTNET_EnableDiagnostics"]);
        Assert.Contains("ENV DOTNET_EnableDiagnostics=0\n", Manifests.Text("Containerfile"), StringComparison.Ordinal);
        Assert.DoesNotContain(_orders.Variables.Keys, name => name.StartsWith("CORECLR_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal));
        Assert.Equal("DOTNET_EnableDiagnostics", Assert.Single(_orders.Variables.Keys, name => name.StartsWith("DOTNET_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Image_is_chiseled_and_runs_as_the_user_of_the_manifest()
    {
        var text = Manifests.Text("Containerfile");

        Assert.Contains("FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\n", text, StringComparison.Ordinal);
        Assert.Contains($"USER {_orders.Pod.Value("securityContext", "runAsUser")}:{_orders.Pod.Value("securityContext", "runAsGroup")}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nRUN ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Credential_and_anchors_are_files_of_mounted_volumes_and_only_the_group_reads_the_key()
    {
        var mounts = _orders.Container.Items("volumeMounts").ToDictionary(mount => mount.Value("mountPath")!, mount => mount, StringComparer.Ordinal);
        var settings = _orders.Service.Configuration.GetSection("ZeroTrust:Mtls");
        var key = VolumeOf(settings["Credential:KeyFile"]!);

        Assert.Same(key, VolumeOf(settings["Credential:CertificateFile"]!));
        Assert.Equal("0440", key.Value("secret", "defaultMode"));
        Assert.NotSame(key, VolumeOf(settings["TrustDomains:example.test:AnchorFile"]!));
        Assert.Equal("Data Source=/data/orders.db", _orders.Service.Configuration.GetConnectionString("Orders"));
        Assert.Contains("/data", mounts);

        YamlNode VolumeOf(string file)
        {
            var mount = mounts[Path.GetDirectoryName(file)!];
            Assert.Equal("true", mount.Value("readOnly"));
            Assert.Null(mount.Find("subPath"));
            return Assert.Single(_orders.Pod.Items("volumes"), volume => volume.Value("name") == mount.Value("name"));
        }
    }

    [Fact]
    public void Nothing_in_the_files_is_secret()
    {
        Assert.DoesNotContain(Manifests.Load("orders.yaml"), document => document.Value("kind") == "Secret");
        Assert.DoesNotContain(_orders.Variables, variable => Secret().IsMatch(variable.Key) && !variable.Key.EndsWith("KeyFile", StringComparison.Ordinal));
        Assert.All(Manifests.Files, file => Assert.DoesNotMatch(SecretText(), File.ReadAllText(file)));
    }

    [GeneratedRegex("password|secret|token|credential__key$|apikey|(?<!Key)File__Key|Key$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Secret();

    [GeneratedRegex("-----BEGIN|password|bearer |eyJ[A-Za-z0-9_-]{10}", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SecretText();
}
