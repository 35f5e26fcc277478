using System.Security.Cryptography;

namespace ZeroTrust.ConformanceTests;

/// <summary>One case in one direction: the handshake, and where it is refused another one that only the guard can stop.</summary>
internal static class LiveHandshake
{
    public static async Task<LiveCase> RunAsync(JudgedCase judged, LiveSide peer)
    {
        var folder = Directory.CreateTempSubdirectory("conformance-");
        try
        {
            var credential = WriteCredential(judged.Test, folder.FullName);
            var attempt = await LiveAttempt.RunAsync(judged.Test, peer, credential, overruled: false);
            var faults = new List<string>(attempt.Faults);
            if (attempt.Outcome is { Accepted: false } outcome)
            {
                var overruled = await LiveAttempt.RunAsync(judged.Test, peer, credential, overruled: true);
                faults.AddRange(overruled.Faults);
                if (overruled.Guard.Rejection?.Code != outcome.Code)
                {
                    faults.Add($"the guard alone answers {overruled.Guard}");
                }
            }

            return new(judged, attempt.Outcome, attempt.RefusedByTls, faults);
        }
        catch (Exception exception)
        {
            return new(judged, Live: null, RefusedByTls: null, [exception is OperationCanceledException ? "no end before the deadline" : exception.ToString()]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What openssl presents: these certificates and no others, whatever it thinks of them.</summary>
    private static string[] WriteCredential(ConformanceCase test, string folder)
    {
        var (leaf, key, chain) = (Path.Combine(folder, "leaf.pem"), Path.Combine(folder, "key.pem"), Path.Combine(folder, "chain.pem"));
        File.WriteAllText(leaf, Encode(test.Leaf));
        File.WriteAllText(key, test.Key);
        File.WriteAllText(chain, string.Concat(test.Intermediates.Select(Encode)));
        string[] sent = test.Intermediates.Count > 0 ? ["-cert_chain", chain] : [];
        return ["-tls1_3", "-cipher", "DEFAULT@SECLEVEL=0", "-no-CAfile", "-no-CApath", "-no-CAstore", "-cert", leaf, "-key", key, .. sent];
    }

    private static string Encode(ReadOnlyMemory<byte> der) => PemEncoding.WriteString("CERTIFICATE", der.Span) + "\n";
}
