namespace ZeroTrust.X509.Internal;

/// <summary>Asks the CRLs about the certificates of a path that is valid in all else (RFC 5280 section 6.3).</summary>
internal sealed class RevocationCheck(CrlSet crls, ICrlTrust trust, RevocationMode mode)
{
    /// <summary>Refuses a path with a certificate that is revoked or, under <see cref="RevocationMode.HardFail"/>, of unknown status.</summary>
    /// <param name="path">The leaf first and the anchor last; the anchor is not asked about.</param>
    /// <param name="validUntil">Lowered to the earliest nextUpdate of the CRLs the answer rests on.</param>
    public Refusal? Check(IReadOnlyList<Certificate> path, ref DateTimeOffset validUntil)
    {
        if (mode == RevocationMode.None)
        {
            return null;
        }

        // From the anchor on, for a CRL is worth what the status of its issuer is. A revocation further on is still a better answer than "unknown".
        Refusal? undetermined = null;
        for (var i = path.Count - 2; i >= 0; i--)
        {
            var inquiry = new CrlInquiry(crls, trust, path[i], path[i + 1], path[^1]);
            if (inquiry.FindRevocation() is { } revoked)
            {
                return revoked;
            }

            // In every mode: were it taken for an unknown status, a peer could exhaust the budget to hide a revocation.
            if (trust.Exhausted is { } limit)
            {
                return new Refusal(X509RejectionReason.BudgetExceeded, $"The revocation check reached {limit}.");
            }

            validUntil = inquiry.ValidUntil < validUntil ? inquiry.ValidUntil : validUntil;
            if (!inquiry.IsDetermined && mode == RevocationMode.HardFail)
            {
                undetermined ??= inquiry.Undetermined();
            }
        }

        return undetermined;
    }
}
