namespace ZeroTrust.Jose;

/// <summary>Proof that a key signed this header and payload. Made by <see cref="ParsedJws.Verify"/> only.</summary>
/// <remarks>It says who signed, not that what was signed may be believed: types, times, audiences and names are the caller's to check.</remarks>
public sealed class VerifiedJws
{
    internal VerifiedJws(JwsHeader header, ReadOnlyMemory<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The header, signed.</summary>
    public JwsHeader Header { get; }

    /// <summary>The payload, signed. JSON is read with <see cref="StrictJson"/>.</summary>
    public ReadOnlyMemory<byte> Payload { get; }
}
