using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Tests;

/// <summary>The shape of an issuer's leaves.</summary>
/// <param name="BackDating">How long before its issue a leaf begins.</param>
/// <param name="Lifetime">How long after its issue it is meant to end.</param>
/// <param name="KeyUsage">Its key usage, critical.</param>
/// <param name="SerialBytes">The length of its serial number.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Late">What is added to the end for clocks.</param>
/// <param name="IsRsa">Whether keys are RSA of 2048 bits, as most issuers make them; else P-256.</param>
internal sealed record IssuerShape(
    TimeSpan BackDating, TimeSpan Lifetime, X509KeyUsageFlags KeyUsage, int SerialBytes, string Subject = "", TimeSpan Late = default, bool IsRsa = false);
