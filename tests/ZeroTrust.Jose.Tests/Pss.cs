using System.Numerics;
using System.Security.Cryptography;

namespace ZeroTrust.Jose.Tests;

/// <summary>RSASSA-PSS with SHA-256 and a salt of any length (RFC 8017 section 9.1.1), which the platform cannot make.</summary>
internal static class Pss
{
    internal static byte[] Sign(RSA key, byte[] message, int saltLength)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var length = parameters.Modulus!.Length;
        var salt = new byte[saltLength];
        var hash = SHA256.HashData([.. new byte[8], .. SHA256.HashData(message), .. salt]);
        byte[] block = [.. new byte[length - saltLength - 34], 1, .. salt];
        var mask = Mask(hash, block.Length);
        byte[] encoded = [.. block.Zip(mask, (b, m) => (byte)(b ^ m)), .. hash, 0xBC];
        encoded[0] &= 0x7F;
        var signature = BigInteger.ModPow(Number(encoded), Number(parameters.D!), Number(parameters.Modulus)).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - signature.Length], .. signature];
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Mask(byte[] seed, int length) =>
        [.. Enumerable.Range(0, (length / 32) + 1).SelectMany(counter => SHA256.HashData([.. seed, 0, 0, 0, (byte)counter])).Take(length)];
}
