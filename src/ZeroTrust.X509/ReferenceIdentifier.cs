using System.Net;

namespace ZeroTrust.X509;

/// <summary>A name the leaf must carry in its subject alternative name (RFC 9525 section 6.1). The common name is never asked.</summary>
public sealed class ReferenceIdentifier
{
    private ReferenceIdentifier(GeneralNameKind kind, string value, byte[]? address = null)
    {
        Kind = kind;
        Value = value;
        Address = address;
    }

    /// <summary>The kind of the name.</summary>
    public GeneralNameKind Kind { get; }

    /// <summary>The name as text.</summary>
    public string Value { get; }

    internal byte[]? Address { get; }

    /// <summary>A DNS name; compared without case.</summary>
    /// <param name="name">The name in its ASCII form, for example <c>orders.example.com</c>.</param>
    /// <exception cref="ArgumentException">It is not a DNS name.</exception>
    public static ReferenceIdentifier Dns(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Internal.DnsNames.IsHostName(name) ? new(GeneralNameKind.Dns, name) : throw new ArgumentException("Not a DNS name.", nameof(name));
    }

    /// <summary>An IP address; compared octet by octet.</summary>
    /// <param name="address">The address.</param>
    public static ReferenceIdentifier Ip(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new(GeneralNameKind.IpAddress, address.ToString(), address.GetAddressBytes());
    }

    /// <summary>A URI; compared octet by octet.</summary>
    /// <param name="uri">The URI, for example a SPIFFE ID.</param>
    public static ReferenceIdentifier Uri(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        return new(GeneralNameKind.Uri, uri);
    }

    /// <summary>A mailbox; the part before the at sign is compared with case, the host without.</summary>
    /// <param name="mailbox">The mailbox, for example <c>ops@example.com</c>.</param>
    public static ReferenceIdentifier Email(string mailbox)
    {
        ArgumentException.ThrowIfNullOrEmpty(mailbox);
        return new(GeneralNameKind.Email, mailbox);
    }

    /// <summary>The kind and the name, for logs.</summary>
    public override string ToString() => $"{Kind}:{Value}";
}
