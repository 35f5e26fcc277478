namespace ZeroTrust.Authz.Internal;

/// <summary>What workloads and token services are granted alike.</summary>
internal interface IMintGrant
{
    IList<string> Tenants { get; }

    IList<SubjectKind> SubjectKinds { get; }

    IList<string> SystemSubjects { get; }

    IList<string> Permissions { get; }

    TimeSpan MaxLifetime { get; }
}
