using System.Security.Cryptography;

namespace ZeroTrust.FuzzTests.Fuzzing;

/// <summary>Writes the seeds as files, as fuzzers want them.</summary>
internal static class SeedsCommand
{
    private const int EnoughSeeds = 400;

    public static int Run(string folder)
    {
        var seeds = Seeds.All.Value;
        Write(Path.Combine(folder, "certificate"), seeds.Certificates);
        Write(Path.Combine(folder, "crl"), seeds.Crls);
        return 0;
    }

    private static void Write(string folder, IReadOnlyList<byte[]> encodings)
    {
        Directory.CreateDirectory(folder);

        // Every n-th, so that all origins are among them: a fuzzer is slowed down by many alike.
        var step = Math.Max(1, encodings.Count / EnoughSeeds);
        var chosen = encodings.Where((_, index) => index % step == 0).ToArray();
        foreach (var encoding in chosen)
        {
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(encoding))[..16]), encoding);
        }

        Console.WriteLine($"{chosen.Length} of {encodings.Count} seeds in {folder}");
    }
}
