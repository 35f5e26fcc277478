namespace ZeroTrust.PeerTests.Service;

/// <summary>What a client is started with; no certificate where it has none.</summary>
internal sealed record ClientFiles(string AnchorFile, string? CertificateFile, string? KeyFile);
