using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Lengthens the kernel's queue of connections to accept: when it is full, a peer's SYN is dropped and sent again only a second later.</summary>
/// <remarks>What strangers open at once is accepted within milliseconds and bounded behind it. The kernel takes less where it allows less (net.core.somaxconn).</remarks>
internal sealed class AcceptBacklog : IConfigureOptions<SocketTransportOptions>
{
    private const int Length = 4096;

    public void Configure(SocketTransportOptions options) => options.Backlog = Length;
}
