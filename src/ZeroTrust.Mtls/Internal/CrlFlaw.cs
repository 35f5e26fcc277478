namespace ZeroTrust.Mtls.Internal;

/// <summary>What is wrong with the CRLs of a bundle.</summary>
/// <param name="Bundle">The bundle.</param>
/// <param name="Reason">What it is, as a sentence.</param>
/// <param name="Tell">Logs it, when it is new.</param>
/// <param name="RefusesAll">Whether every peer is refused for it and its like.</param>
internal sealed record CrlFlaw(TrustBundle Bundle, string Reason, Action Tell, bool RefusesAll = false);
