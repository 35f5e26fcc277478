using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls;

/// <summary>Which server each HTTP client is bound to by <c>AddMtls("server")</c>.</summary>
public sealed class MtlsClients
{
    private readonly Dictionary<string, WorkloadId> _servers = new(StringComparer.Ordinal);

    internal MtlsClients(IEnumerable<MtlsClientBinding> bindings, IOptions<MtlsOptions> options)
    {
        foreach (var binding in bindings)
        {
            _servers[binding.ClientName] = WorkloadId.Parse(options.Value.Servers[binding.Server]);
        }
    }

    /// <summary>Finds the server a client is bound to.</summary>
    /// <param name="clientName">The client's name in the HTTP client factory.</param>
    /// <param name="server">The workload the server has to prove.</param>
    /// <returns>Whether <c>AddMtls</c> was called for the client.</returns>
    public bool TryGetServer(string clientName, out WorkloadId server)
    {
        ArgumentNullException.ThrowIfNull(clientName);
        return _servers.TryGetValue(clientName, out server);
    }

    /// <summary>The server a client is bound to.</summary>
    /// <param name="clientName">The client's name in the HTTP client factory.</param>
    /// <exception cref="InvalidOperationException"><c>AddMtls</c> was not called for the client.</exception>
    public WorkloadId GetServer(string clientName) => TryGetServer(clientName, out var server)
        ? server
        : throw new InvalidOperationException($"The HTTP client '{clientName}' is bound to no server; call AddMtls(\"server\") on it.");
}
