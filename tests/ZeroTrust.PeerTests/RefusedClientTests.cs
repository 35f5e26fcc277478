using ZeroTrust.PeerTests.Service;

namespace ZeroTrust.PeerTests;

/// <summary>
/// What a client that nobody here wrote prints when the listener refuses it: the code, or a status that no retry policy takes for an
/// outage.
/// </summary>
public sealed class RefusedClientTests(SharedService service, ITestOutputHelper output)
{
    public static TheoryData<string, Refusal> Cells() =>
        new(from client in ForeignClient.Lasting.Concat(ForeignClient.Single)
            from refusal in Enum.GetValues<Refusal>()
            select (client.Name, refusal));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task It_learns_why(string name, Refusal refusal)
    {
        var client = ForeignClient.Named(name);
        Assert.SkipWhen(client.Missing() is not null, client.Missing() ?? string.Empty);

        var seen = await ClientProcess.CallAsync(client, service.Address, service.FilesOf(refusal));

        output.WriteLine($"| {name} | {refusal} | {seen} |");
        Assert.Contains(CodeOf(refusal, name), seen, StringComparison.Ordinal);
    }

    private static string CodeOf(Refusal refusal, string client) => refusal switch
    {
        Refusal.None => client is "grpcio" or "grpc-js" ? "OK" : "served",
        Refusal.PeerNotListed => "mtls.peer_not_listed",
        Refusal.UntrustedAnchor => "x509.untrusted_anchor",
        Refusal.Expired => "x509.expired",
        Refusal.ExtendedKeyUsage => "x509.extended_key_usage_missing",
        Refusal.CertificateMissing => "mtls.certificate_missing",
        _ => "mtls.workload_denied",
    };
}
