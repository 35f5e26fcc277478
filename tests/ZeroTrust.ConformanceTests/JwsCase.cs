namespace ZeroTrust.ConformanceTests;

/// <summary>One JSON Web Signature as its authors state it.</summary>
/// <param name="Id">Its number and title.</param>
/// <param name="Accepted">Whether its authors accept it.</param>
/// <param name="Jwk">The public key, a JWK.</param>
/// <param name="Jws">What is to be verified, of any serialization.</param>
internal sealed record JwsCase(string Id, bool Accepted, byte[] Jwk, string Jws);
