using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZeroTrust.Mtls;

namespace ZeroTrust.Tool.DevCerts;

/// <summary>The settings of one service, ready to paste.</summary>
internal static class SettingsFragment
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="folder">Where the certificates are.</param>
    /// <param name="trustDomain">Their trust domain.</param>
    /// <param name="service">The service.</param>
    /// <param name="others">The services it may call.</param>
    /// <param name="lifetime">How long the leaves live.</param>
    /// <param name="crl">Whether there are CRLs.</param>
    public static string Of(DevFolder folder, TrustDomain trustDomain, string service, IEnumerable<string> others, TimeSpan lifetime, bool crl)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("ZeroTrust");
            json.WriteStartObject("Mtls");
            json.WriteString("TrustDomain", trustDomain.ToString());
            json.WriteStartObject("Credential");
            json.WriteString("CertificateFile", folder.PathOf(service + ".pem"));
            json.WriteString("KeyFile", folder.PathOf(service + ".key"));
            json.WriteEndObject();
            json.WriteStartObject("TrustDomains");
            json.WriteStartObject(trustDomain.ToString());
            json.WriteString("AnchorFile", folder.PathOf(DevelopmentAuthority.AnchorFile));
            if (crl)
            {
                json.WriteStartArray("CrlFiles");
                json.WriteStringValue(folder.PathOf(DevelopmentCrls.FileName));
                json.WriteEndArray();
            }
            else if (lifetime > TrustBundle.DefaultMaxLeafLifetime)
            {
                json.WriteString("MaxLeafLifetime", lifetime.ToString("c"));
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("Servers");
            foreach (var other in others)
            {
                json.WriteString(other, DevCertificates.SpiffeIdOf(trustDomain, other).ToString());
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
