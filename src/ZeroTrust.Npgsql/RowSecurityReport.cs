namespace ZeroTrust.Npgsql;

/// <summary>What an audit of the database found.</summary>
/// <param name="Role">The role the service logs in as.</param>
/// <param name="Tables">The tables that are held to the tenant, as <c>schema.name</c>.</param>
/// <param name="Findings">Every way round the tenant; none when the database may be used.</param>
public sealed record RowSecurityReport(string Role, IReadOnlyList<string> Tables, IReadOnlyList<Rejection> Findings)
{
    /// <summary>What was found and accepted by <see cref="RowLevelSecurityOptions.DangerousAccept"/>.</summary>
    public IReadOnlyList<Rejection> Accepted { get; init; } = [];
}
