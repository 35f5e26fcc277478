using ZeroTrust.Samples.Tour.Attack;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>Everything that runs: issuer, telemetry receiver, the three services. Stopped and removed on dispose.</summary>
internal sealed class TourMesh : IAsyncDisposable
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TempFolder _folder = new();
    private readonly Undertaker _undertaker;
    private readonly Outsider _issuerClient;
    private readonly List<Outsider> _outsiders = [];
    private Issuer? _issuer;
    private Telemetry? _telemetry;
    private ServiceProcess? _gateway;
    private ServiceProcess? _orders;
    private ServiceProcess? _billing;

    private TourMesh()
    {
        _undertaker = new Undertaker(_folder);
        Certificates = new Certificates(_folder.Folder("certificates"));
        _issuerClient = new Outsider(Certificates.Anchor);
    }

    public Addresses Addresses { get; } = new();

    public Certificates Certificates { get; }

    public Issuer Issuer => _issuer!;

    public Telemetry Telemetry => _telemetry!;

    public Settings Settings { get; private set; } = null!;

    public Rows Rows { get; private set; } = null!;

    public ServiceProcess Orders => _orders!;

    /// <summary>Starts everything; returns when all three services are ready.</summary>
    public static async Task<TourMesh> StartAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var mesh = new TourMesh();
        try
        {
            await mesh.RunAsync(progress, cancellationToken);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with this identity, or with none; disposed with the mesh.</summary>
    public Outsider As(Identity? identity)
    {
        var outsider = new Outsider(Certificates.Anchor, identity);
        _outsiders.Add(outsider);
        return outsider;
    }

    /// <summary>A further gateway, which believes that Orders listens elsewhere. The caller disposes it.</summary>
    public async Task<ServiceProcess> StartMisledGatewayAsync(CancellationToken cancellationToken)
    {
        var gateway = new ServiceProcess("misled gateway", "Gateway", Settings.MisledGateway(), _undertaker);
        gateway.Start();
        await WaitUntilReadyAsync(gateway, Addresses.SecondGatewayProbe, cancellationToken);
        return gateway;
    }

    public async Task StartOrdersAsync(CancellationToken cancellationToken)
    {
        _orders!.Start();
        await WaitUntilReadyAsync(_orders, Addresses.OrdersProbe, cancellationToken);
    }

    public Task WriteTariffsAsync(CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Settings.TariffsFile, """{ "taxPercent": 19 }""", cancellationToken);

    public void RemoveTariffs() => File.Delete(Settings.TariffsFile);

    /// <summary>Throws, with the log's tail, when a service has died.</summary>
    public void ThrowIfAServiceDied()
    {
        _gateway?.ThrowIfDead();
        _orders?.ThrowIfDead();
        _billing?.ThrowIfDead();
    }

    public async ValueTask DisposeAsync()
    {
        Task?[] stopping = [_gateway?.DisposeAsync().AsTask(), _orders?.DisposeAsync().AsTask(), _billing?.DisposeAsync().AsTask()];
        await Task.WhenAll(stopping.OfType<Task>());
        if (_issuer is not null)
        {
            await _issuer.DisposeAsync();
        }

        if (_telemetry is not null)
        {
            await _telemetry.DisposeAsync();
        }

        _outsiders.ForEach(static outsider => outsider.Dispose());
        _issuerClient.Dispose();
        Certificates.Dispose();
        _folder.Dispose();
        _undertaker.Dispose();
    }

    private async Task RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("starting the issuer and the telemetry receiver");
        _telemetry = await Telemetry.StartAsync(cancellationToken);
        _issuer = await Issuer.StartAsync(Addresses.Issuer, Certificates.Issuer, _issuerClient.Http, cancellationToken);
        Settings = new Settings(_folder, Certificates, Addresses, _issuer.Authority, _telemetry.Endpoint);
        Rows = new Rows(Settings.OrdersFile, Settings.BillingFile);
        await WriteTariffsAsync(cancellationToken);

        progress("starting Gateway, Orders and Billing");
        _billing = new ServiceProcess("billing", "Billing", Settings.Billing(), _undertaker);
        _orders = new ServiceProcess("orders", "Orders", Settings.Orders(), _undertaker);
        _gateway = new ServiceProcess("gateway", "Gateway", Settings.Gateway(), _undertaker);
        _billing.Start();
        _orders.Start();
        _gateway.Start();

        progress("waiting until they are ready");
        await WaitUntilReadyAsync(_billing, Addresses.BillingProbe, cancellationToken);
        await WaitUntilReadyAsync(_orders, Addresses.OrdersProbe, cancellationToken);
        await WaitUntilReadyAsync(_gateway, Addresses.GatewayProbe, cancellationToken);
        await WarmUpAsync(cancellationToken);
    }

    // The first call of three cold processes can outlast the gateway's patience with its issuer on a busy machine; it proves nothing.
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var token = await Issuer.GetTokenAsync(User.Alice, cancellationToken);
        var url = Addresses.Https(Addresses.GatewayEdge, $"/tenants/{User.Alice.Tenant}/orders");
        var started = TimeProvider.System.GetTimestamp();
        var answer = Answer.None;
        while (answer.Status != StatusCodes.Status200OK && TimeProvider.System.GetElapsedTime(started) < WarmUp)
        {
            ThrowIfAServiceDied();
            answer = await As(null).SendAsync(HttpMethod.Get, url, null, [new("Authorization", "Bearer " + token)], cancellationToken);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task WaitUntilReadyAsync(ServiceProcess service, int probePort, CancellationToken cancellationToken)
    {
        using var probe = new Probe(probePort);
        try
        {
            await probe.WaitForHttpAsync(StatusCodes.Status200OK, service.ThrowIfDead, cancellationToken);
        }
        catch (TourException failure) when (!service.Died)
        {
            throw new TourException($"{failure.Message} Its last lines:{Environment.NewLine}{service.Log}");
        }
    }
}
