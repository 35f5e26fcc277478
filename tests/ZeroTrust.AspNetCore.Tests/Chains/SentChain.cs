using System.Security.Cryptography;

namespace ZeroTrust.AspNetCore.Tests.Chains;

/// <summary>What openssl presents: the leaf and whatever is sent along with it, in this order.</summary>
/// <param name="Certificates">In DER, the leaf first.</param>
/// <param name="Key">The leaf's key.</param>
internal sealed record SentChain(IReadOnlyList<byte[]> Certificates, ECDsa Key)
{
    public string LeafSha256 => Convert.ToHexStringLower(SHA256.HashData(Certificates[0]));

    /// <summary>Writes it for openssl.</summary>
    /// <returns>The arguments of openssl.</returns>
    public string[] WriteTo(string folder)
    {
        var leaf = Path.Combine(folder, Path.GetRandomFileName());
        var others = Path.Combine(folder, Path.GetRandomFileName());
        var key = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllText(leaf, Pem(Certificates[0]));
        File.WriteAllText(key, Key.ExportPkcs8PrivateKeyPem());
        if (Certificates.Count == 1)
        {
            return ["-cert", leaf, "-key", key];
        }

        File.WriteAllText(others, string.Concat(Certificates.Skip(1).Select(Pem)));
        return ["-cert", leaf, "-key", key, "-cert_chain", others];
    }

    private static string Pem(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";
}
