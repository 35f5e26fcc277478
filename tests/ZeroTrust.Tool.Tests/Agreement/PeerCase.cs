using System.Security.Cryptography;

namespace ZeroTrust.Tool.Tests.Agreement;

/// <summary>What one peer presents, with the key of its leaf.</summary>
internal sealed record PeerCase(string Name, IReadOnlyList<byte[]> Chain, string KeyPem)
{
    public string Pem => string.Concat(Chain.Select(Encode));

    /// <summary>Writes what openssl needs to present exactly this.</summary>
    public string[] WriteTo(string folder)
    {
        var (leaf, key, chain) = (Path.Combine(folder, "leaf.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "chain.pem"));
        File.WriteAllText(leaf, Encode(Chain[0]));
        File.WriteAllText(key, KeyPem);
        File.WriteAllText(chain, string.Concat(Chain.Skip(1).Select(Encode)));
        string[] sent = Chain.Count > 1 ? ["-cert_chain", chain] : [];
        return ["-tls1_3", "-cipher", "DEFAULT@SECLEVEL=0", "-no-CAfile", "-no-CApath", "-no-CAstore", "-cert", leaf, "-key", key, .. sent];
    }

    private static string Encode(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";
}
