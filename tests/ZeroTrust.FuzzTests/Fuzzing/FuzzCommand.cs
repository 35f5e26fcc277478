using SharpFuzz;

namespace ZeroTrust.FuzzTests.Fuzzing;

/// <summary>One reader under a coverage-guided fuzzer, or over one input without one.</summary>
internal static class FuzzCommand
{
    private const string LibFuzzer = "--libfuzzer";

    /// <summary>
    /// <c>certificate</c> or <c>crl</c>, then <c>--libfuzzer</c> under libfuzzer-dotnet; without it inputs come from afl-fuzz, or one from the
    /// standard input where that does not run. A broken promise ends the process with an unhandled exception, which is what fuzzers look for.
    /// </summary>
    public static int Run(string[] args)
    {
        Func<ReadOnlyMemory<byte>, string?>? target = args.FirstOrDefault() switch
        {
            "certificate" => ReaderPromises.FindBrokenByCertificate,
            "crl" => ReaderPromises.FindBrokenByCrl,
            _ => null,
        };
        switch (target, args.ElementAtOrDefault(1))
        {
            case ({ }, LibFuzzer):
                Fuzzer.LibFuzzer.Run(input => Check(target, input.ToArray()));
                return 0;
            case ({ }, null):
                Fuzzer.OutOfProcess.Run(input => Check(target, ReadAll(input)));
                return 0;
            default:
                Console.Error.WriteLine($"fuzz certificate|crl [{LibFuzzer}]");
                return 2;
        }
    }

    private static void Check(Func<ReadOnlyMemory<byte>, string?> target, byte[] input)
    {
        if (target(input) is { } broken)
        {
            throw new InvalidOperationException(broken);
        }
    }

    private static byte[] ReadAll(Stream input)
    {
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }
}
