namespace ZeroTrust.X509.Internal;

/// <summary>The names of one certificate that CAs above it constrain: those the platform reads otherwise than we do, and those it reads alike.</summary>
internal sealed class PlatformNames
{
    private readonly NameConstraints[] _constraints;
    private bool _isOneReadOtherwise;
    private bool _isOneReadAlike;

    public PlatformNames(IReadOnlyList<Certificate> path, int index)
    {
        _constraints = [.. path.Skip(index + 1).Select(issuer => issuer.Extensions.NameConstraints).OfType<NameConstraints>()];
        var certificate = path[index];
        NoteSubject(certificate, isLeaf: index == 0);
        foreach (var name in certificate.Names)
        {
            // An otherName may be constrained as a mailbox.
            if (Constrains(name.Kind) || (name.Kind == GeneralNameKind.Other && Constrains(GeneralNameKind.Email)))
            {
                Note(isReadOtherwise: IsReadOtherwise(name));
            }
        }
    }

    /// <summary>Whether an objection to the names can be about nothing but what we read otherwise on purpose.</summary>
    public bool AreAllReadOtherwise => _isOneReadOtherwise && !_isOneReadAlike;

    /// <summary>Of a user or a query the platform makes a part of the host, and its empty base holds no name instead of all.</summary>
    private bool IsReadOtherwise(GeneralName name) => name.Kind switch
    {
        GeneralNameKind.Uri => HasMoreThanHost(name.Text) || HoldsEmptyBase(GeneralNameKind.Uri),
        GeneralNameKind.Email => HoldsEmptyBase(GeneralNameKind.Email),
        _ => false,
    };

    private static bool HasMoreThanHost(string uri)
    {
        var start = uri.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var rest = uri.AsSpan(start + 3);
        var slash = rest.IndexOf('/');
        return (slash < 0 ? rest : rest[..slash]).ContainsAny('@', '?', '#');
    }

    private void NoteSubject(Certificate certificate, bool isLeaf)
    {
        if (certificate.Subject.IsEmpty)
        {
            return;
        }

        if (Constrains(GeneralNameKind.Directory))
        {
            Note(isReadOtherwise: false);
        }

        // The platform takes the common name of a leaf for a DNS name where there is no other (RFC 9525 section 2: it never is one).
        if (isLeaf && Constrains(GeneralNameKind.Dns) && !Array.Exists(certificate.Names, name => name.Kind == GeneralNameKind.Dns))
        {
            foreach (var commonName in certificate.Subject.ValuesOf(Oids.CommonName.ToArray()))
            {
                Note(isReadOtherwise: commonName is not null);
            }
        }

        NoteMailboxesOfSubject(certificate);
    }

    /// <summary>The platform reads a mailbox in the subject as IA5String alone; we read every kind of text (RFC 5280 section 4.1.2.6).</summary>
    private void NoteMailboxesOfSubject(Certificate certificate)
    {
        if (!Constrains(GeneralNameKind.Email))
        {
            return;
        }

        foreach (var tag in certificate.Subject.TagsOf(Oids.EmailAddress.ToArray()))
        {
            Note(isReadOtherwise: tag != DistinguishedName.Ia5String || HoldsEmptyBase(GeneralNameKind.Email));
        }
    }

    private void Note(bool isReadOtherwise)
    {
        _isOneReadOtherwise |= isReadOtherwise;
        _isOneReadAlike |= !isReadOtherwise;
    }

    private bool Constrains(GeneralNameKind kind) =>
        Array.Exists(_constraints, item => item.Permitted.Concat(item.Excluded).Any(subtree => subtree.Kind == kind));

    private bool HoldsEmptyBase(GeneralNameKind kind) =>
        Array.Exists(_constraints, item => Array.Exists(item.Permitted, subtree => subtree.Kind == kind && subtree.Value.IsEmpty));
}
