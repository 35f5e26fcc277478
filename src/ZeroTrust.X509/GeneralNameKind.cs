namespace ZeroTrust.X509;

/// <summary>The kinds of names of a subject alternative name (RFC 5280 section 4.2.1.6). The values are the ASN.1 tags.</summary>
public enum GeneralNameKind
{
    /// <summary>otherName.</summary>
    Other = 0,

    /// <summary>rfc822Name, a mailbox.</summary>
    Email = 1,

    /// <summary>dNSName.</summary>
    Dns = 2,

    /// <summary>x400Address.</summary>
    X400Address = 3,

    /// <summary>directoryName.</summary>
    Directory = 4,

    /// <summary>ediPartyName.</summary>
    EdiParty = 5,

    /// <summary>uniformResourceIdentifier.</summary>
    Uri = 6,

    /// <summary>iPAddress.</summary>
    IpAddress = 7,

    /// <summary>registeredID.</summary>
    RegisteredId = 8,
}
