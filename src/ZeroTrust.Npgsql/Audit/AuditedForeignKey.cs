namespace ZeroTrust.Npgsql.Audit;

/// <summary>A foreign key, and what the role may do to the rows it refers to.</summary>
internal sealed record AuditedForeignKey(
    string Name,
    uint Table,
    uint Principal,
    string TableSchema,
    string TableName,
    string PrincipalSchema,
    string PrincipalName,
    string OnDelete,
    string OnUpdate,
    string[] Columns,
    string[] PrincipalColumns,
    string[] DeleteSetsColumns,
    bool MayDelete,
    bool MayUpdate)
{
    internal bool DeleteCascades => OnDelete == "c";

    internal bool DeleteActs => Acts(OnDelete);

    internal bool UpdateActs => Acts(OnUpdate);

    // Without a list, all of its columns.
    internal bool DeleteSets(string column) => DeleteSetsColumns.Length == 0 || DeleteSetsColumns.Contains(column, StringComparer.Ordinal);

    internal bool Contains(string column, string principalColumn) => Columns.Zip(PrincipalColumns).Contains((column, principalColumn));

    // CASCADE, SET NULL, SET DEFAULT.
    private static bool Acts(string action) => action is "c" or "n" or "d";
}
