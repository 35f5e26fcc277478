using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>A JWS writer that signs whatever it is told to: an attacker's tool, independent of the packages.</summary>
internal static class Jws
{
    public static string Es256(object header, object payload, ECDsa key) =>
        Write(header, payload, input => key.SignData(input, HashAlgorithmName.SHA256));

    /// <summary>The classic confusion: the public key's bytes used as a shared secret.</summary>
    public static string Hs256(object header, object payload, byte[] secret) =>
        Write(header, payload, input => HMACSHA256.HashData(secret, input));

    public static string Unsigned(object header, object payload) => Write(header, payload, static _ => []);

    public static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    private static string Write(object header, object payload, Func<byte[], byte[]> sign)
    {
        var input = Encode(header) + "." + Encode(payload);
        return input + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)));
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
