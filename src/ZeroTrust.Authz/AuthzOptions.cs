namespace ZeroTrust.Authz;

/// <summary>Who may mint contexts, and how long they last. Read once at start.</summary>
public sealed class AuthzOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ZeroTrust:Authz";

    /// <summary>The workloads whose root tokens are believed, this one included.</summary>
    /// <value>Default: none, so that no context is accepted and none minted.</value>
    public IList<MintGrantOptions> MintGrants { get; set; } = [];

    /// <summary>The token services whose root tokens are believed, by the keys each publishes.</summary>
    /// <value>Default: none.</value>
    public IList<TokenServiceOptions> TokenServices { get; set; } = [];

    /// <summary>How long a context minted here lasts; the own grant may shorten it.</summary>
    /// <value>Default 120 s, from 10 s to 120 s.</value>
    public TimeSpan ContextLifetime { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a context minted here serves further calls of the same subject, tenant and permissions.</summary>
    /// <value>Default 30 s, from 0 (every call its own) to half the lifetime.</value>
    public TimeSpan ReuseWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many contexts, and how many links, are remembered so that they need not be verified or signed again.</summary>
    /// <value>Default 4096, from 1 to 1,000,000.</value>
    public int MaxCachedContexts { get; set; } = 4096;

    /// <summary>The permission a context needs to be granted reading across tenants.</summary>
    /// <value>Default: none, so that nobody is.</value>
    public string? CrossTenantPermission { get; set; }

    /// <summary>The longest a grant to read across tenants may last.</summary>
    /// <value>Default 5 min, from 1 s to 1 h.</value>
    public TimeSpan CrossTenantMaxLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
