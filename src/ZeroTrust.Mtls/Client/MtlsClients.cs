using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Which server each HTTP client is bound to by <c>AddMtls("server")</c>.</summary>
public sealed class MtlsClients
{
    private readonly Dictionary<string, (string Name, WorkloadId Workload, bool IsPartner)> _servers = new(StringComparer.Ordinal);

    internal MtlsClients(IEnumerable<MtlsClientBinding> bindings, IOptions<MtlsOptions> options, MtlsDangers? dangers = null)
    {
        foreach (var binding in bindings)
        {
            var server = options.Value.Servers[binding.Server];
            _servers[binding.ClientName] = (
                binding.Server, WorkloadId.Parse(server.Workload ?? string.Empty), PartnerRules.AreFor(binding.Server, server, dangers));
        }
    }

    /// <summary>Finds the server a client is bound to.</summary>
    /// <param name="clientName">The client's name in the HTTP client factory.</param>
    /// <param name="server">The workload the server has to prove.</param>
    /// <returns>Whether <c>AddMtls</c> was called for the client.</returns>
    public bool TryGetServer(string clientName, out WorkloadId server)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        var isBound = _servers.TryGetValue(clientName, out var bound);
        server = bound.Workload;
        return isBound;
    }

    /// <summary>The server a client is bound to.</summary>
    /// <param name="clientName">The client's name in the HTTP client factory.</param>
    /// <exception cref="InvalidOperationException"><c>AddMtls</c> was not called for the client.</exception>
    public WorkloadId GetServer(string clientName) => TryGetServer(clientName, out var server)
        ? server
        : throw new InvalidOperationException($"The HTTP client '{clientName}' is bound to no server; call AddMtls(\"server\") on it.");

    /// <summary>
    /// Whether a client is bound to a partner's server, to which nothing that is meant for workloads of a trust domain may be sent.
    /// </summary>
    /// <param name="clientName">The client's name in the HTTP client factory.</param>
    public bool IsPartner(string clientName)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        return _servers.TryGetValue(clientName, out var bound) && bound.IsPartner;
    }

    /// <summary>The name in the options of the server a bound client calls.</summary>
    internal string NameOf(string clientName) => _servers[clientName].Name;
}
