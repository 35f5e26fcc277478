using SharpFuzz;

namespace ZeroTrust.FuzzTests.Fuzzing;

/// <summary>One reader under a coverage-guided fuzzer, or over one input without one.</summary>
internal static class FuzzCommand
{
    private const string LibFuzzer = "--libfuzzer";
    private const string Afl = "--afl";

    /// <summary>
    /// <c>certificate</c> or <c>crl</c>, then how the input comes: <c>--libfuzzer</c> from libfuzzer-dotnet, <c>--afl</c> from afl-fuzz, else
    /// once from the standard input. A broken promise ends the process with an unhandled exception, which is what fuzzers look for.
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
            case ({ }, Afl):
                Fuzzer.OutOfProcess.Run(input => Check(target, ReadAll(input)));
                return 0;
            case ({ }, null):
                using (var input = Console.OpenStandardInput())
                {
                    Check(target, ReadAll(input));
                }

                return 0;
            default:
                Console.Error.WriteLine($"fuzz certificate|crl [{LibFuzzer}|{Afl}]");
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
