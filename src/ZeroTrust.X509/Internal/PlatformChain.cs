namespace ZeroTrust.X509.Internal;

/// <summary>Asks the platform's <c>X509Chain</c> for the very path we chose: nothing else to build from, nothing to fetch.</summary>
/// <remarks>
/// <para>
/// It is given our path alone, and still builds its own: OpenSSL takes an issuer by its key identifiers, which by our rules only order
/// candidates, and ends where they do not match. No setting turns that off. So where it ends because of them, it is asked about the part below
/// and the part above, and the one step between is ours, whose name and signature have been proved. No step is ours where a CA above it has
/// name constraints: those it would not have looked at.
/// </para>
/// <para>
/// Every other objection is final, unless <see cref="PlatformReadings"/> shows from the certificates alone that it can be about nothing but
/// what our rules allow on purpose. The table is in <c>docs/divergences.md</c>.
/// </para>
/// </remarks>
internal static class PlatformChain
{
    /// <summary>Why it does not accept the path; null when it does, when our rules have answered, or when it has no way to express the anchor.</summary>
    public static string? FindObjection(IReadOnlyList<Certificate> path, string? purpose, DateTimeOffset now)
    {
        if (!IsSelfSigned(path[^1]))
        {
            return null;
        }

        var readings = new PlatformReadings(path, purpose);
        for (var start = 0; ;)
        {
            var answer = PlatformAnswer.Ask(path, start, path.Count - start, purpose, now);
            if (answer.IsAccepted)
            {
                return null;
            }

            var top = start + answer.Matching - 1;
            if (top < start || top >= path.Count - 1 || !readings.IsStepOurs(top))
            {
                return answer.FindUnanswered(readings, openAt: null);
            }

            if (PlatformAnswer.Ask(path, start, answer.Matching, purpose, now).FindUnanswered(readings, openAt: top) is { } objection)
            {
                return objection;
            }

            start = top + 1;
        }
    }

    /// <summary>
    /// The platform's chains end in certificates that verify with their own key; a CA that changed its key may issue itself others. What is
    /// signed by an algorithm we do not take counts as self-signed, so that the platform is asked.
    /// </summary>
    private static bool IsSelfSigned(Certificate anchor) =>
        anchor.IsSelfIssued
        && (!SignatureCheck.IsPossible(anchor, anchor.SignatureAlgorithm)
            || SignatureCheck.Verify(anchor, anchor.SignatureAlgorithm, anchor.Signed.Span, anchor.Signature.Span));
}
