using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.FuzzTests.Differential;

/// <summary>A reason for which the platform may object to a path that is right to accept.</summary>
/// <param name="Name">A short name, for figures.</param>
/// <param name="Reason">Why we accept nevertheless.</param>
/// <param name="Objections">The objections it can account for.</param>
/// <param name="Applies">The facts it has to see.</param>
internal sealed record DisagreementRule(string Name, string Reason, X509ChainStatusFlags Objections, Func<Disagreement, bool> Applies);
