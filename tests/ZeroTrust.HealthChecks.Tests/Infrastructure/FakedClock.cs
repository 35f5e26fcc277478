using System.Globalization;

namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>The wall clock of another process, set while it runs; its elapsed time goes on. By libfaketime, where it is installed.</summary>
internal sealed class FakedClock(string folder)
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }).FirstOrDefault()
        : null;

    private readonly string _file = Path.Combine(folder, "clock");

    public static bool IsThere => Library is not null;

    public IEnumerable<(string Name, string Value)> Environment =>
    [
        ("LD_PRELOAD", Library!),
        ("FAKETIME_TIMESTAMP_FILE", _file),
        ("FAKETIME_NO_CACHE", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("NO_FAKE_STAT", "1"),
    ];

    public void Set(TimeSpan ahead)
    {
        var next = _file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? "-" : "+")}{Math.Abs((long)ahead.TotalSeconds)}s"));
        File.Move(next, _file, overwrite: true);
    }
}
