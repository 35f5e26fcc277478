namespace ZeroTrust.X509.Internal;

/// <summary>A broken rule before it is put into words. A search tries many issuers, and most of what it finds against them is never told.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Rule">What is wrong and by which section, as sentences.</param>
internal sealed record Refusal(X509RejectionReason Reason, string Rule)
{
    /// <summary>The certificate the rule is about; null when it is about none alone.</summary>
    public Certificate? Certificate { get; init; }

    public string? Expected { get; init; }

    /// <summary>What was presented; null for the subject of <see cref="Certificate"/>.</summary>
    public string? Presented { get; init; }

    public DateTimeOffset? At { get; init; }

    public static Refusal Of(
        Certificate certificate,
        X509RejectionReason reason,
        string rule,
        string? expected = null,
        string? presented = null,
        DateTimeOffset? at = null) =>
        new(reason, rule) { Certificate = certificate, Expected = expected, Presented = presented, At = at };

    /// <param name="place">Where the certificate stands, for example <c>the anchor</c>.</param>
    public Rejection ToRejection(string place) => X509Rejections.Refuse(
        Reason,
        Certificate is null ? Rule : $"{Rule} This is {place}, {CertificateText.Of(Certificate)}.",
        Expected,
        Presented ?? Certificate?.SubjectName,
        At);
}
