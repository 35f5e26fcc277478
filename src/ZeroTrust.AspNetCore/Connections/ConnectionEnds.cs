using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ZeroTrust.AspNetCore.Connections;

/// <summary>
/// The two ends of a connection as the transport sees them; what middleware makes of forwarded headers does not reach here.
/// </summary>
internal sealed class ConnectionEnds(BaseConnectionContext connection) : IConnectionEndPointFeature
{
    public EndPoint? LocalEndPoint { get; set; } = connection.LocalEndPoint;

    public EndPoint? RemoteEndPoint { get; set; } = connection.RemoteEndPoint;
}
