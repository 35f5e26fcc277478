namespace ZeroTrust.AspNetCore.Internal;

internal sealed record ListenerFeature(string Name, ListenerRole Role) : IListenerFeature
{
    public bool AuditsServedCalls { get; init; }
}
