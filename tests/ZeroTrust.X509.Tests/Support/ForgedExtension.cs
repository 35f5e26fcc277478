namespace ZeroTrust.X509.Tests.Support;

/// <summary>One extension, with any bytes as its value.</summary>
internal sealed record ForgedExtension(string Oid, byte[] Value, bool IsCritical = false)
{
    public ForgedExtension Critical => this with { IsCritical = true };

    public ForgedExtension NotCritical => this with { IsCritical = false };

    public byte[] Encode() => Der.Sequence(Der.Oid(Oid), IsCritical ? Der.True : [], Der.OctetString(Value));
}
