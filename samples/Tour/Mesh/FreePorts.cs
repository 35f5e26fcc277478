using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>Hands out loopback ports that nothing listens on, each once.</summary>
/// <remarks>
/// Taken from below the kernel's ephemeral range, so that no outgoing connection can take a port between
/// the moment it is chosen and the moment the child process binds it.
/// </remarks>
internal sealed class FreePorts
{
    private const int First = 20_000;
    private const int End = 32_000;

    private readonly HashSet<int> _taken = [];

    public int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, End);
            if (_taken.Add(port) && CanBind(port))
            {
                return port;
            }
        }
    }

    private static bool CanBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
