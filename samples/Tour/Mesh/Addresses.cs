namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>The loopback ports of everything the Tour starts.</summary>
internal sealed class Addresses
{
    public Addresses()
    {
        var ports = new FreePorts();
        Issuer = ports.Next();
        GatewayEdge = ports.Next();
        GatewayProbe = ports.Next();
        OrdersMesh = ports.Next();
        OrdersProbe = ports.Next();
        OrdersProbeGrpc = ports.Next();
        BillingMesh = ports.Next();
        BillingProbe = ports.Next();
        BillingProbeGrpc = ports.Next();
        Impostor = ports.Next();
        SecondGatewayEdge = ports.Next();
        SecondGatewayProbe = ports.Next();
    }

    public int Issuer { get; }

    public int GatewayEdge { get; }

    public int GatewayProbe { get; }

    public int OrdersMesh { get; }

    public int OrdersProbe { get; }

    public int OrdersProbeGrpc { get; }

    public int BillingMesh { get; }

    public int BillingProbe { get; }

    public int BillingProbeGrpc { get; }

    /// <summary>Where somebody with Orders' stolen key listens.</summary>
    public int Impostor { get; }

    public int SecondGatewayEdge { get; }

    public int SecondGatewayProbe { get; }

    public static Uri Https(int port, string path = "/") => new($"https://localhost:{port}{path}");

    public static Uri Http(int port, string path = "/") => new($"http://127.0.0.1:{port}{path}");
}
