namespace ZeroTrust.X509.Internal;

/// <summary>The certificates as the peer sent them, to say of which one a refusal speaks. Asked when refusing, and never before.</summary>
internal readonly struct ChainAsSent(Certificate leaf, IReadOnlyList<Certificate> intermediates, TrustAnchorSet anchors)
{
    public Rejection Tell(Refusal refusal) =>
        refusal.ToRejection(refusal.Certificate is { } certificate ? PlaceOf(certificate) : string.Empty);

    private string PlaceOf(Certificate certificate)
    {
        // An anchor that the peer has sent, too, is refused as the anchor it is.
        if (anchors.Contains(certificate, ReferenceEqualityComparer.Instance))
        {
            return "the anchor";
        }

        var count = intermediates.Count + 1;
        if (IsSame(certificate, leaf))
        {
            return $"certificate 1 of {count} as sent, the leaf";
        }

        for (var i = 0; i < intermediates.Count; i++)
        {
            if (IsSame(certificate, intermediates[i]))
            {
                return $"certificate {i + 2} of {count} as sent";
            }
        }

        return "a certificate that was not sent";
    }

    private static bool IsSame(Certificate left, Certificate right) =>
        ReferenceEquals(left, right) || left.Der.Span.SequenceEqual(right.Der.Span);
}
