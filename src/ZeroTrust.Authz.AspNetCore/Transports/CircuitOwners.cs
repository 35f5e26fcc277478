using System.Security.Cryptography;
using System.Text;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>
/// Remembers which caller began each circuit of Blazor Server, by a digest of its secret. The framework gives a circuit to each connection
/// that names its secret.
/// </summary>
/// <remarks>Bounded. A circuit for which there is no room lives with its connection, and no other connection gets it.</remarks>
internal sealed class CircuitOwners(TransportOwners owners)
{
    // The framework's secrets have some 200 characters.
    private const int LongestSecret = 4096;

    /// <summary>Remembers a circuit that the caller has begun.</summary>
    public CircuitHold? TryBegin(string secret, string caller) =>
        owners.TryEnter(IdOf(secret), caller) is { } owner ? new CircuitHold(IdOf(secret), owner) : null;

    /// <summary>Takes up a circuit.</summary>
    /// <returns>What to leave with; null when the caller did not begin it, or its beginning is not known.</returns>
    public CircuitHold? TryReturn(string? secret, string caller) =>
        secret is { Length: > 0 and <= LongestSecret } && owners.TryReturn(IdOf(secret), caller) is { } owner
            ? new CircuitHold(IdOf(secret), owner)
            : null;

    public void Leave(CircuitHold hold) => owners.Leave(hold.Id, hold.Owner, isServed: true);

    private static string IdOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
