using System.Formats.Asn1;

namespace ZeroTrust.X509.Tests.Support;

/// <summary>An entry of a forged CRL.</summary>
internal sealed record ForgedEntry(ReadOnlyMemory<byte> Serial, params ForgedExtension[] Extensions)
{
    internal static readonly DateTimeOffset Date = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(Serial.Span);
            writer.WriteUtcTime(Date);
            if (Extensions.Length > 0)
            {
                writer.WriteEncodedValue(Der.Sequence([.. Extensions.Select(extension => extension.Encode())]));
            }
        }
    }
}
