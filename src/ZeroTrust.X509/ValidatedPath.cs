namespace ZeroTrust.X509;

/// <summary>A path that was accepted: the leaf first, the anchor last. Only <see cref="PathValidator"/> makes one.</summary>
public sealed class ValidatedPath
{
    internal ValidatedPath(IReadOnlyList<Certificate> certificates, DateTimeOffset validUntil)
    {
        Certificates = certificates;
        ValidUntil = validUntil;
    }

    /// <summary>The path.</summary>
    public IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>The leaf.</summary>
    public Certificate Leaf => Certificates[0];

    /// <summary>The anchor the path ends in.</summary>
    public Certificate Anchor => Certificates[^1];

    /// <summary>The moment after which the path has to be judged again: the earliest notAfter of it, or nextUpdate of a CRL it rests on.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>The subjects from the leaf to the anchor, for logs.</summary>
    public override string ToString() => string.Join(" <- ", Certificates.Select(certificate => certificate.SubjectName));
}
