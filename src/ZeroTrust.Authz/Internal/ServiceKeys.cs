using ZeroTrust.Jose;

namespace ZeroTrust.Authz.Internal;

/// <summary>The keys of a token service that a root was verified with.</summary>
internal sealed record ServiceKeys(string Issuer, JsonWebKeySet Keys);
