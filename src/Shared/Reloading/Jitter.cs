using System.Security.Cryptography;

namespace ZeroTrust.Shared;

/// <summary>Shortens an interval by a random part, so that replicas started together do not ask together.</summary>
internal static class Jitter
{
    private const int Steps = 1000;

    /// <param name="interval">The interval.</param>
    /// <param name="part">The largest part taken off, from 0 to 1.</param>
    public static TimeSpan Shorten(TimeSpan interval, double part) =>
        interval * (1 - (part * RandomNumberGenerator.GetInt32(Steps + 1) / Steps));
}
