using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ZeroTrust.Testing;

/// <summary>An access token in the making: everything in it can be changed before it is signed.</summary>
public sealed class ScriptedToken
{
    internal ScriptedToken(JsonObject header, JsonObject claims, ScriptedSigningKey key)
    {
        Header = header;
        Claims = claims;
        Key = key;
    }

    /// <summary>The JOSE header.</summary>
    public JsonObject Header { get; }

    /// <summary>The claims.</summary>
    public JsonObject Claims { get; }

    /// <summary>What signs; changing it does not change the header.</summary>
    public ScriptedSigningKey Key { get; set; }

    /// <summary>Signs with HMAC-SHA256 over this secret instead of <see cref="Key"/>.</summary>
    public byte[]? HmacSecret { get; set; }

    /// <summary>Leaves the signature empty, as <c>alg: none</c> does.</summary>
    public bool OmitSignature { get; set; }

    /// <summary>The header's exact text, for what a <see cref="JsonObject"/> cannot hold, such as a repeated member.</summary>
    public string? RawHeader { get; set; }

    /// <summary>The claims' exact text, as <see cref="RawHeader"/>.</summary>
    public string? RawClaims { get; set; }

    internal string Serialize()
    {
        var signingInput = $"{Encode(RawHeader ?? Header.ToJsonString())}.{Encode(RawClaims ?? Claims.ToJsonString())}";
        return $"{signingInput}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signingInput)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private byte[] Sign(byte[] signingInput)
    {
        if (OmitSignature)
        {
            return [];
        }

        return HmacSecret is null ? Key.Sign(signingInput) : HMACSHA256.HashData(HmacSecret, signingInput);
    }
}
