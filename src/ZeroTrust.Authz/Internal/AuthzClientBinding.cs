namespace ZeroTrust.Authz.Internal;

/// <summary>Remembers that an HTTP client sends contexts, so that the start can check it is bound to a server.</summary>
internal sealed record AuthzClientBinding(string ClientName);
