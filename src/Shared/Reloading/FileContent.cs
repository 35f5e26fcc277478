using System.Security.Cryptography;

namespace ZeroTrust.Shared;

internal sealed record FileContent(byte[] Bytes)
{
    public string Sha256 { get; } = Convert.ToHexString(SHA256.HashData(Bytes));
}
