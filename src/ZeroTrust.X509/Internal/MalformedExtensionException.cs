using System.Formats.Asn1;

namespace ZeroTrust.X509.Internal;

/// <summary>An extension that cannot be read, and which one.</summary>
internal sealed class MalformedExtensionException : AsnContentException
{
    public MalformedExtensionException()
    {
    }

    public MalformedExtensionException(string message)
        : base(message)
    {
    }

    public MalformedExtensionException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public MalformedExtensionException(ReadOnlyMemory<byte> oid, AsnContentException inner)
        : base(inner.Message, inner) =>
        Oid = oid;

    public ReadOnlyMemory<byte> Oid { get; }
}
