using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>A certificate with its key, the SPIFFE ID it names, and what it was issued under.</summary>
internal sealed record Identity(string Workload, X509Certificate2 Certificate, X509Certificate2Collection Intermediates);
