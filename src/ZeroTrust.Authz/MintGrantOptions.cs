using ZeroTrust.Authz.Internal;

namespace ZeroTrust.Authz;

/// <summary>What one workload may mint.</summary>
public sealed class MintGrantOptions : IMintGrant
{
    /// <summary>The workload, by its SPIFFE ID or <c>dns:</c> name.</summary>
    /// <value>Required; one grant for each workload.</value>
    public string? Workload { get; set; }

    /// <summary>The tenants, or <c>*</c> alone for every tenant.</summary>
    /// <value>Required.</value>
    public IList<string> Tenants { get; set; } = [];

    /// <summary>The kinds of subject.</summary>
    /// <value>Required: <c>User</c>, <c>System</c> or both.</value>
    public IList<SubjectKind> SubjectKinds { get; set; } = [];

    /// <summary>
    /// The system subjects beside that of the workload itself, <c>system:</c> and its id: for a workload that begins contexts on behalf of others,
    /// such as a scheduler.
    /// </summary>
    /// <value>Default: none. A workload named here can be acted for by the one that holds the grant.</value>
    public IList<string> SystemSubjects { get; set; } = [];

    /// <summary>The ceiling: the permissions a root may name.</summary>
    /// <value>Default: none. At most 64.</value>
    public IList<string> Permissions { get; set; } = [];

    /// <summary>The longest lifetime of a root.</summary>
    /// <value>Default 120 s, from 10 s to 120 s.</value>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromSeconds(120);
}
