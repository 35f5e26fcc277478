using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

internal sealed record TestListenerFeature(string Name, ListenerRole Role) : IListenerFeature;

internal sealed record TestPeerFeature(VerifiedPeer Peer) : IPeerFeature;
