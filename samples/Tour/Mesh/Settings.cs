using System.Globalization;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>What each child process gets through its environment, on top of its own appsettings.json.</summary>
internal sealed class Settings(TempFolder folder, Certificates certificates, Addresses addresses, string issuer, Uri telemetry)
{
    public string OrdersFile => folder.File("orders.db");

    public string BillingFile => folder.File("billing.db");

    public string TariffsFile => folder.File("tariffs.json");

    public Dictionary<string, string> Gateway() => Gateway("gateway", addresses.GatewayEdge, addresses.GatewayProbe, addresses.OrdersMesh);

    /// <summary>The same gateway, led to somebody who holds Orders' key.</summary>
    public Dictionary<string, string> MisledGateway() =>
        Gateway("misled-gateway", addresses.SecondGatewayEdge, addresses.SecondGatewayProbe, addresses.Impostor);

    public Dictionary<string, string> Orders()
    {
        var settings = Member("orders", "orders");
        settings["ConnectionStrings__Orders"] = $"Data Source={OrdersFile}";
        settings["ZeroTrust__HealthChecks__PropagationDelay"] = "00:00:02.500";
        settings["Services__Billing"] = Addresses.Https(addresses.BillingMesh).ToString();
        Listen(settings, addresses.OrdersMesh, addresses.OrdersProbe, addresses.OrdersProbeGrpc);
        return settings;
    }

    public Dictionary<string, string> Billing()
    {
        var settings = Member("billing", "billing");
        settings["ConnectionStrings__Billing"] = $"Data Source={BillingFile}";
        settings["Billing__TariffsFile"] = TariffsFile;
        Listen(settings, addresses.BillingMesh, addresses.BillingProbe, addresses.BillingProbeGrpc);
        return settings;
    }

    private Dictionary<string, string> Gateway(string name, int edge, int probe, int orders)
    {
        var settings = Member(name, "gateway");
        settings["Services__Orders"] = Addresses.Https(orders).ToString();
        settings["ZeroTrust__Listeners__edge__Url"] = Url("https", edge);
        settings["ZeroTrust__Listeners__probe__Url"] = Url("http", probe);
        settings["ZeroTrust__Oidc__Issuers__login__Authority"] = issuer;
        settings["ZeroTrust__Oidc__Issuers__login__Audience"] = Issuer.Audience;
        settings["ZeroTrust__Oidc__Issuers__login__TrustAnchorFile"] = certificates.AnchorFile;
        return settings;
    }

    private Dictionary<string, string> Member(string name, string identity) => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
        ["Logging__Console__FormatterName"] = "simple",
        ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        ["OTEL_SERVICE_NAME"] = name,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = telemetry.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",

        // The instrumentation's own redaction of queries is off, so that ours is seen to be what protects.
        ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true",
        ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true",
        ["DOTNET_SYSTEM_NET_HTTP_DISABLEURIREDACTION"] = "1",
        ["ZeroTrust__Mtls__TrustDomain"] = Certificates.TrustDomain,
        ["ZeroTrust__Mtls__Credential__CertificateFile"] = certificates.File(identity + ".pem"),
        ["ZeroTrust__Mtls__Credential__KeyFile"] = certificates.File(identity + ".key"),
        [$"ZeroTrust__Mtls__TrustDomains__{Certificates.TrustDomain}__AnchorFile"] = certificates.AnchorFile,
        ["ZeroTrust__Mtls__ReloadInterval"] = "00:00:00.250",
        ["ZeroTrust__HealthChecks__PollInterval"] = "00:00:00.100",
        ["ZeroTrust__HealthChecks__PropagationDelay"] = "00:00:00.200",
    };

    private static void Listen(Dictionary<string, string> settings, int mesh, int probe, int probeGrpc)
    {
        settings["ZeroTrust__Listeners__mesh__Url"] = Url("https", mesh);
        settings["ZeroTrust__Listeners__probe__Url"] = Url("http", probe);
        settings["ZeroTrust__Listeners__probe-grpc__Url"] = Url("http", probeGrpc);
    }

    private static string Url(string scheme, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{port}");
}
