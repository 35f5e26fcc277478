using ZeroTrust.OpenTelemetry.Internal;

namespace ZeroTrust.OpenTelemetry.Propagation;

/// <summary>Who may be sent baggage.</summary>
internal sealed class BaggageDestinations(ExportPolicyProvider policies)
{
    private bool _isStopped;

    /// <summary>Whether the host has stopped, so that its list limits nobody any more.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    /// <summary>Whether what carries the headers goes to a listed host. What does not say where it goes, does not.</summary>
    public bool MayCarry(object? carrier) =>
        IsStopped || (carrier is HttpRequestMessage { RequestUri: { IsAbsoluteUri: true } uri } && policies.Current.BaggageDestinations.Holds(uri.IdnHost));
}
