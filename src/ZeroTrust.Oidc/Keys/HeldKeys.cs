namespace ZeroTrust.Oidc.Keys;

/// <summary>The keys of an issuer, and when the fetch that brought them began.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Since">A timestamp of the time provider: their age does not follow a clock that is set.</param>
internal sealed record HeldKeys(IssuerKeys Keys, long Since);
