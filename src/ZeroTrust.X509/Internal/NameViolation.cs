using ZeroTrust.Shared;

namespace ZeroTrust.X509.Internal;

/// <summary>Why a name is not allowed by name constraints.</summary>
internal enum NameFault
{
    /// <summary>The budget ended before the answer.</summary>
    Undecided = 0,

    NotPermitted,
    Excluded,

    /// <summary>It cannot be compared with the bases of its kind.</summary>
    Unreadable,
}

/// <summary>A name that the constraints of a CA do not allow.</summary>
internal readonly record struct NameViolation(GeneralName Name, NameFault Fault)
{
    public Refusal ToRefusal(Certificate holder, Certificate ca)
    {
        var fault = Fault switch
        {
            NameFault.Excluded => "lies inside an excluded subtree",
            NameFault.Unreadable => "cannot be read as one, so that it is neither inside nor outside",
            _ => "lies outside the permitted subtrees",
        };
        var name = $"{Name.Kind}:{Name}";
        return Refusal.Of(
            holder,
            X509RejectionReason.NameConstraintViolated,
            $"The {Name.KindText} '{LogText.Fact(Name.ToString())}' {fault} "
            + $"of the name constraints of {CertificateText.Of(ca)} (RFC 5280 section 4.2.1.10).",
            presented: name);
    }
}
