using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>A token service: it authenticates workloads and signs roots for them with keys it publishes, not with a certificate.</summary>
public sealed class TokenServiceOptions : IMintGrant
{
    /// <summary>The <c>iss</c> of its roots, compared exactly.</summary>
    /// <value>Required; one entry for each issuer.</value>
    public string? Issuer { get; set; }

    /// <summary>The file with its JWK Set. It is read again when its content changes; a bad one keeps the last good keys.</summary>
    /// <value>Required, unless <see cref="ITokenServiceKeySource"/> is another one than the files.</value>
    public string? KeysFile { get; set; }

    /// <inheritdoc cref="MintGrantOptions.Tenants"/>
    public IList<string> Tenants { get; set; } = [];

    /// <inheritdoc cref="MintGrantOptions.SubjectKinds"/>
    public IList<SubjectKind> SubjectKinds { get; set; } = [];

    /// <summary>The system subjects beside that of the workload a root is for, <c>system:</c> and its <c>req_wl</c>.</summary>
    /// <value>Default: none.</value>
    public IList<string> SystemSubjects { get; set; } = [];

    /// <inheritdoc cref="MintGrantOptions.Permissions"/>
    public IList<string> Permissions { get; set; } = [];

    /// <inheritdoc cref="MintGrantOptions.MaxLifetime"/>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromSeconds(120);
}
