using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Internal;

/// <summary>What the platform says about a part of a path.</summary>
/// <param name="IsAccepted">Whether it accepts the part, and by the same certificates.</param>
/// <param name="Matching">How many certificates of the part its chain begins with.</param>
/// <param name="IsWhole">Whether its chain is the part, neither more nor less.</param>
/// <param name="Objections">What it objects to.</param>
internal sealed record PlatformAnswer(bool IsAccepted, int Matching, bool IsWhole, IReadOnlyList<PlatformObjection> Objections)
{
    /// <summary>Validity is judged by us, to the second and with the skew.</summary>
    private const X509ChainStatusFlags Validity = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested;

    /// <summary>Asks about the certificates of a path from one index on; the last of them is trusted.</summary>
    public static PlatformAnswer Ask(IReadOnlyList<Certificate> path, int start, int count, string? purpose, DateTimeOffset now)
    {
        var loaded = new List<X509Certificate2>(count);
        using var chain = new X509Chain();
        try
        {
            for (var i = 0; i < count; i++)
            {
                loaded.Add(X509CertificateLoader.LoadCertificate(path[start + i].Der.Span));
            }

            var policy = chain.ChainPolicy;
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.Add(loaded[^1]);
            policy.ExtraStore.AddRange(loaded.Skip(1).ToArray());
            policy.DisableCertificateDownloads = true;
            policy.RevocationMode = X509RevocationMode.NoCheck;
            policy.VerificationTime = now.UtcDateTime;
            policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
            if (purpose is not null)
            {
                policy.ApplicationPolicy.Add(new Oid(purpose));
            }

            var isAccepted = chain.Build(loaded[0]);
            var matching = CountMatching(chain, path, start, count);
            var isWhole = matching == count && chain.ChainElements.Count == count;
            return new PlatformAnswer(isAccepted && isWhole, matching, isWhole, isAccepted ? [] : [.. ObjectionsOf(chain, start)]);
        }
        catch (CryptographicException exception)
        {
            var failure = new PlatformObjection(null, X509ChainStatusFlags.NoError, exception.Message);
            return new PlatformAnswer(IsAccepted: false, 0, IsWhole: false, [failure]);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }

            loaded.ForEach(certificate => certificate.Dispose());
        }
    }

    /// <summary>The objections that our rules have not answered; null when there are none.</summary>
    /// <param name="readings">What our rules answer.</param>
    /// <param name="openAt">The index of the certificate the platform was not given the issuer of; null when it was given all.</param>
    public string? FindUnanswered(PlatformReadings readings, int? openAt)
    {
        var unanswered = Objections.Where(objection => !readings.Answers(objection, openAt));
        string[] rest = [.. unanswered.Select(readings.Spell).Distinct(StringComparer.Ordinal)];
        return (IsWhole, rest.Length) switch
        {
            (_, > 0) => string.Join("; ", rest),
            (true, 0) => null,
            _ => "it finds another path.",
        };
    }

    private static int CountMatching(X509Chain chain, IReadOnlyList<Certificate> path, int start, int count)
    {
        var matching = 0;
        while (matching < count
            && matching < chain.ChainElements.Count
            && chain.ChainElements[matching].Certificate.RawDataMemory.Span.SequenceEqual(path[start + matching].Der.Span))
        {
            matching++;
        }

        return matching;
    }

    private static IEnumerable<PlatformObjection> ObjectionsOf(X509Chain chain, int start)
    {
        var told = X509ChainStatusFlags.NoError;
        for (var i = 0; i < chain.ChainElements.Count; i++)
        {
            foreach (var status in chain.ChainElements[i].ChainElementStatus)
            {
                told |= status.Status;
                if ((status.Status & ~Validity) != X509ChainStatusFlags.NoError)
                {
                    yield return new PlatformObjection(start + i, status.Status, status.StatusInformation);
                }
            }
        }

        foreach (var status in chain.ChainStatus)
        {
            if ((status.Status & ~(Validity | told)) != X509ChainStatusFlags.NoError)
            {
                yield return new PlatformObjection(null, status.Status, status.StatusInformation);
            }
        }
    }
}
