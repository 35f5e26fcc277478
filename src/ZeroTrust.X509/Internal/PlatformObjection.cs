using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.X509.Internal;

/// <summary>One thing the platform does not like.</summary>
/// <param name="Index">The index of the certificate on our path; null for the chain as a whole.</param>
/// <param name="Status">The platform's status.</param>
/// <param name="Text">The platform's words.</param>
internal sealed record PlatformObjection(int? Index, X509ChainStatusFlags Status, string Text);
