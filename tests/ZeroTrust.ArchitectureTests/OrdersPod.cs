using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using YamlDotNet.RepresentationModel;
using ZeroTrust.AspNetCore;

namespace ZeroTrust.ArchitectureTests;

/// <summary>The pod of <c>samples/Kubernetes/orders.yaml</c>, and a service made as in it: with the settings of the sample Orders and the variables of the manifest.</summary>
internal sealed partial class OrdersPod : IAsyncDisposable
{
    public OrdersPod()
    {
        Container = Assert.Single(Pod.Items("containers"));
        Variables = Container.Items("env").ToDictionary(variable => variable.Value("name")!, variable => variable.Value("value")!, StringComparer.Ordinal);
        Ports = Container.Items("ports").ToDictionary(port => port.Value("name")!, port => port.Number("containerPort"), StringComparer.Ordinal);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = Path.Combine(Repository.Root, "samples", "Orders"),
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.AddInMemoryCollection(Variables.ToDictionary(
            variable => HostPrefix().Replace(variable.Key, string.Empty).Replace("__", ":", StringComparison.Ordinal),
            variable => (string?)variable.Value,
            StringComparer.Ordinal));
        builder.AddZeroTrustDefaults();
        Service = builder.Build();
        Service.MapZeroTrustHealth();
    }

    public YamlNode Pod { get; } = Manifests.Load("orders.yaml", "Deployment").Get("spec", "template", "spec");

    public YamlNode Container { get; }

    public IReadOnlyDictionary<string, string> Variables { get; }

    public IReadOnlyDictionary<string, int> Ports { get; }

    public WebApplication Service { get; }

    public IDictionary<string, ListenerOptions> Listeners => Service.Services.GetRequiredService<IOptions<ListenersOptions>>().Value.Listeners;

    public static int PortIn(ListenerOptions listener) => BindingAddress.Parse(listener.Url).Port;

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    [GeneratedRegex("^(DOTNET|ASPNETCORE)_", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HostPrefix();
}
