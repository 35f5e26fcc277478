using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>Who may be sent baggage.</summary>
internal sealed class BaggageDestinations
{
    private readonly FrozenSet<string> _hosts;
    private readonly string[] _suffixes;
    private bool _isStopped;

    public BaggageDestinations(IOptions<RedactionOptions> options)
    {
        var listed = options.Value.BaggageDestinations;
        _hosts = listed.Where(static host => !IsSuffix(host)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _suffixes = [.. listed.Where(IsSuffix).Select(static host => host[1..])];
    }

    /// <summary>Whether the host has stopped, so that its list limits nobody any more.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    /// <summary>Whether a listed value stands for every host below a domain.</summary>
    public static bool IsSuffix(string listed) => listed.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>Whether what carries the headers goes to a listed host. What does not say where it goes, does not.</summary>
    public bool MayCarry(object? carrier) =>
        IsStopped || carrier is HttpRequestMessage { RequestUri: { IsAbsoluteUri: true } uri } && IsListed(uri.IdnHost);

    private bool IsListed(string host) =>
        _hosts.Contains(host) || Array.Exists(_suffixes, suffix => host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
