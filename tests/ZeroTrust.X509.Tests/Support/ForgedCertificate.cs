namespace ZeroTrust.X509.Tests.Support;

/// <summary>A certificate that was forged, with the key to forge more below it.</summary>
internal sealed record ForgedCertificate(byte[] Der, byte[] Subject, ForgeKey Key)
{
    private readonly Lazy<Verdict<Certificate>> _read = new(() => Certificate.Read(Der));

    /// <summary>What reading it gives.</summary>
    public Verdict<Certificate> Verdict => _read.Value;

    public Certificate Certificate => Verdict.IsAccepted ? Verdict.Value : throw new InvalidOperationException(Verdict.ToString());
}
