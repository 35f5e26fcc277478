namespace ZeroTrust.Authz;

/// <summary>A rollout in which hosts report what they would refuse and serve it; made by <see cref="AuthzDangers.ReportOnly"/>, and a service only then.</summary>
public sealed class AuthzReportOnly
{
    /// <summary>The longest a rollout may take, counted from the start of the host.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(90);

    internal AuthzReportOnly(DateTimeOffset until, string reason)
    {
        Until = until;
        Reason = reason;
    }

    /// <summary>When refusing begins.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>Why it is acceptable until then.</summary>
    public string Reason { get; }

    /// <summary>Whether refusals are only reported.</summary>
    /// <param name="now">The present moment.</param>
    public bool IsActive(DateTimeOffset now) => now < Until;
}
