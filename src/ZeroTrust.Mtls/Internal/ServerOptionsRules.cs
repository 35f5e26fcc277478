using System.Net;

namespace ZeroTrust.Mtls.Internal;

/// <summary>What is wrong with the servers of the options; what is in the files of partners is told when they are read.</summary>
internal static class ServerOptionsRules
{
    private const string Section = nameof(MtlsOptions.Servers);

    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    /// <summary>The longest that authorities of the public web ever issued for.</summary>
    private static readonly TimeSpan MaxLeafWithoutCrls = TimeSpan.FromDays(398);

    public static void Check(
        IDictionary<string, ServerOptions> servers,
        MtlsDangers? dangers,
        Action<string, string> add,
        Action<string, TimeSpan, TimeSpan, TimeSpan> checkRange,
        Action<string, string?> checkFile)
    {
        foreach (var (name, server) in servers)
        {
            var place = $"{Section}:{name}";
            var workloadPlace = server.IsText ? place : $"{place}:{nameof(server.Workload)}";
            var isSystems = dangers?.SystemRoots.ContainsKey(name) == true;
            if (!WorkloadId.TryParse(server.Workload, out var workload))
            {
                add(workloadPlace, NameFaults.OfWorkload(server.Workload));
            }
            else if (server.AnchorFile is not null || isSystems)
            {
                CheckPartner(place, workloadPlace, server, workload, isSystems, add);
            }
            else if (SetForPartners(server) is { } setting)
            {
                add($"{place}:{setting}", $"is for a partner's server; {nameof(ServerOptions.AnchorFile)} names its roots");
            }

            checkFile($"{place}:{nameof(server.AnchorFile)}", server.AnchorFile);
            foreach (var (index, file) in server.CrlFiles.Index())
            {
                checkFile($"{place}:{nameof(server.CrlFiles)}:{index}", file);
            }

            var longest = server.CrlFiles.Count > 0 ? TimeSpan.MaxValue : MaxLeafWithoutCrls;
            checkRange($"{place}:{nameof(server.MaxLeafLifetime)}", server.MaxLeafLifetime ?? OneMinute, OneMinute, longest);
        }

        CheckNamed(servers, dangers?.Tls12Servers.Keys, "code allows TLS 1.2 to it", add);
        CheckNamed(servers, dangers?.SystemRoots.Keys, "code trusts the system's roots for it", add);
    }

    private static void CheckPartner(
        string place, string workloadPlace, ServerOptions server, WorkloadId workload, bool isSystems, Action<string, string> add)
    {
        if (workload.DnsName is not { } name)
        {
            add(workloadPlace, $"a partner's server is known by its DNS name (dns:name); one with a SPIFFE ID is judged by {nameof(MtlsOptions.TrustDomains)}");
        }
        else if (IPAddress.TryParse(name, out _) || !TrustDomain.TryParse(name, out _))
        {
            add(workloadPlace, "a partner's server is known by its DNS name, and this is none");
        }

        if (isSystems && server.AnchorFile is not null)
        {
            add($"{place}:{nameof(server.AnchorFile)}", "code trusts the system's roots for this server; it is one or the other");
        }

        if (isSystems && server.CrlFiles.Count > 0)
        {
            add($"{place}:{nameof(server.CrlFiles)}", $"CRLs are asked for under the roots of {nameof(server.AnchorFile)} alone");
        }
    }

    private static string? SetForPartners(ServerOptions server) => server switch
    {
        { AnchorPassword: not null } => nameof(server.AnchorPassword),
        { CrlFiles.Count: > 0 } => nameof(server.CrlFiles),
        { MaxLeafLifetime: not null } => nameof(server.MaxLeafLifetime),
        { SendCertificate: not null } => nameof(server.SendCertificate),
        _ => null,
    };

    private static void CheckNamed(IDictionary<string, ServerOptions> servers, IEnumerable<string>? named, string what, Action<string, string> add)
    {
        foreach (var name in (named ?? []).Where(name => !servers.ContainsKey(name)))
        {
            add($"{Section}:{name}", $"missing; {what}");
        }
    }
}
