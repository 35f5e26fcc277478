using ZeroTrust.AspNetCore;
using ZeroTrust.Mtls;

namespace ZeroTrust.Testing;

/// <summary>What a caller presents, and where it calls.</summary>
internal sealed record TestCaller(PeerCertificates? Certificates, ListenerRole Listener);
