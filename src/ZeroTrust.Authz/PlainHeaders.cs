namespace ZeroTrust.Authz;

/// <summary>The three plain values of a call. They prove nothing until <see cref="PlainContextReader"/> says so.</summary>
public sealed class PlainHeaders
{
    /// <summary>Takes the three values.</summary>
    /// <param name="tenant">The value of <c>X-Tenant-ID</c>.</param>
    /// <param name="subject">The value of <c>X-Subject-ID</c>.</param>
    /// <param name="permissions">The value of <c>X-Permissions</c>: separated by one space each; empty means none.</param>
    public PlainHeaders(string tenant, string subject, string permissions)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(permissions);
        Tenant = tenant;
        Subject = subject;
        Permissions = permissions;
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>The subject.</summary>
    public string Subject { get; }

    /// <summary>The permissions, separated by one space each.</summary>
    public string Permissions { get; }

    /// <summary>Takes the values a call carries under each name, in any order of arrival.</summary>
    /// <param name="tenant">All values of <c>X-Tenant-ID</c>.</param>
    /// <param name="subject">All values of <c>X-Subject-ID</c>.</param>
    /// <param name="permissions">All values of <c>X-Permissions</c>.</param>
    /// <param name="besideToken">Whether the call carries any value of <see cref="TxnHeaderNames"/> too.</param>
    /// <returns>
    /// The headers; <c>authz.context_missing</c> when there are none at all, <c>authz.plain_context_beside_token</c>,
    /// <c>authz.header_duplicated</c> when a name has several values, <c>authz.plain_context_incomplete</c> when a name has none.
    /// </returns>
    public static Verdict<PlainHeaders> FromValues(IReadOnlyList<string?> tenant, IReadOnlyList<string?> subject, IReadOnlyList<string?> permissions, bool besideToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(permissions);
        if (tenant.Count + subject.Count + permissions.Count == 0)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.ContextMissing, "The call carries no plain context.");
        }

        if (besideToken)
        {
            return AuthzRejections.Refuse(AuthzRejectionReason.PlainContextBesideToken, "The call carries plain headers beside a token.");
        }

        if (FirstWith(values => values > 1) is { } several)
        {
            return AuthzRejections.Refuse(
                AuthzRejectionReason.HeaderDuplicated,
                $"{several}: several values, wanted is one. A comma separates values; permissions are separated by spaces.");
        }

        return FirstWith(values => values == 0) is { } missing
            ? AuthzRejections.Refuse(AuthzRejectionReason.PlainContextIncomplete, $"{missing}: it is missing beside the others; all three are sent.")
            : new PlainHeaders(tenant[0] ?? string.Empty, subject[0] ?? string.Empty, permissions[0] ?? string.Empty);

        string? FirstWith(Func<int, bool> count) => count(tenant.Count) ? PlainHeaderNames.Tenant
            : count(subject.Count) ? PlainHeaderNames.Subject
            : count(permissions.Count) ? PlainHeaderNames.Permissions
            : null;
    }
}
