namespace ZeroTrust.Mtls.Internal;

/// <summary>One call of <c>AddMtls(server)</c> on an HTTP client.</summary>
internal sealed record MtlsClientBinding(string ClientName, string Server);
