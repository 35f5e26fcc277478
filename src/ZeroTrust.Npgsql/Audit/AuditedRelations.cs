namespace ZeroTrust.Npgsql.Audit;

/// <summary>
/// The relations in reach; the tenant's column of every table with the policy, in reach or not; and what inherits from relations in reach.
/// </summary>
internal sealed record AuditedRelations(
    IReadOnlyDictionary<uint, AuditedRelation> ById,
    IReadOnlyDictionary<uint, string> TenantColumns,
    ILookup<uint, (uint Id, string Name)> Descendants)
{
    internal uint[] Ids => [.. ById.Keys];

    internal bool IsReadable(uint relation) => ById.TryGetValue(relation, out var found) && !found.IsClosed;

    internal IEnumerable<string> Confined => ById.Values.Where(relation => relation.IsConfined).Select(relation => relation.ToString());

    /// <summary>These relations and what inherits from them.</summary>
    internal uint[] WithDescendants(Func<AuditedRelation, bool> chosen) =>
        [.. ById.Values.Where(chosen).SelectMany(relation => Descendants[relation.Id].Select(child
            => child.Id).Append(relation.Id)).Distinct()];
}
