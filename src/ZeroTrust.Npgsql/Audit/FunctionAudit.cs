using System.Collections.Frozen;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>Functions, triggers and rules that act with other rights than the role's, or beyond the database.</summary>
internal static class FunctionAudit
{
    // Written in C, and known to do nothing but compute.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.Ordinal,
        "extension:btree_gin",
        "extension:btree_gist",
        "extension:citext",
        "extension:cube",
        "extension:dict_int",
        "extension:earthdistance",
        "extension:fuzzystrmatch",
        "extension:hstore",
        "extension:intarray",
        "extension:isn",
        "extension:ltree",
        "extension:pg_trgm",
        "extension:pgcrypto",
        "extension:plpgsql",
        "extension:seg",
        "extension:tablefunc",
        "extension:unaccent",
        "extension:uuid-ossp",
        "extension:vector");

    internal static async Task RunAsync(AuditSession session, AuditedRelations relations, ActedOn actedOn)
    {
        await CheckDefinersAsync(session, relations.Ids).ConfigureAwait(false);
        await CheckLeakproofAsync(session, relations.Ids).ConfigureAwait(false);
        await CheckBeyondAsync(session).ConfigureAwait(false);
        await ActionAudit.RunAsync(session, relations, actedOn).ConfigureAwait(false);
        foreach (var signature in await session.ReadAsync(FunctionCatalog.Setting, row => row.GetString(0), session.Roles,
            session.Options.ExcludedSchemas.ToArray()).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.FunctionPrivileged, signature, $"names the tenant itself, whatever the session's. ALTER "
                + $"FUNCTION ... RESET {RowSecuritySql.Setting}.");
        }

        await CheckTriggersAsync(session, relations.WithDescendants(relation => relation.Written), actedOn).ConfigureAwait(false);
        foreach (var (relation, rule) in await session.ReadAsync(RelationCatalog.Rules, row => (row.GetString(0), row.GetString(1)),
            relations.Ids.Union(actedOn.Deleted).Union(actedOn.Changed).ToArray()).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.TriggerPrivileged, relation, $"rule {rule} acts with the rights of the owner. Drop it.");
        }
    }

    internal static async Task CheckBeyondAsync(AuditSession session)
    {
        await SystemAudit.RunAsync(session).ConfigureAwait(false);
        await CheckLanguagesAsync(session).ConfigureAwait(false);
        foreach (var (name, arguments) in await session.ReadAsync(FunctionCatalog.Withheld, row => (row.GetString(0), row.GetString(1)),
            session.Roles).ConfigureAwait(false))
        {
            session.Find(NpgsqlRejectionReason.FunctionPrivileged, $"{name}({arguments})", "PostgreSQL withholds it from ordinary roles, "
                + "and this one may run it. REVOKE EXECUTE.");
        }

        foreach (var (subject, language) in await session.ReadAsync(
            FunctionCatalog.Untrusted, row => (row.GetString(0), row.GetString(1)), session.Roles,
                session.Options.ExcludedSchemas.ToArray()).ConfigureAwait(false))
        {
            if (!Harmless.Contains(subject) && !session.IsShared(subject))
            {
                session.Find(
                    NpgsqlRejectionReason.FunctionPrivileged, subject, $"in language {language}, which can reach beyond the database. "
                        + $"REVOKE EXECUTE or USAGE, or list it in {nameof(RowLevelSecurityOptions.SharedObjects)}.");
            }
        }
    }

    private static async Task CheckLanguagesAsync(AuditSession session)
    {
        foreach (var language in await session.ReadAsync(FunctionCatalog.Languages, row => row.GetString(0), session.Roles)
            .ConfigureAwait(false))
        {
            if (!session.IsShared(language))
            {
                session.Find(NpgsqlRejectionReason.FunctionPrivileged, language, "the role may write functions in it, and it is not known "
                    + "to stay inside of the database. REVOKE USAGE ON LANGUAGE, also FROM PUBLIC, or list it in "
                    + $"{nameof(RowLevelSecurityOptions.SharedObjects)}.");
            }
        }
    }

    internal static async Task CheckDefinersAsync(AuditSession session, uint[] relations)
    {
        var functions = await session.ReadAsync(
            FunctionCatalog.Definers,
            row => (Name: row.GetString(0), Arguments: row.GetString(1), Owner: row.GetString(2), Path: AuditSession.Text(row, 3),
                IsAlone: row.GetBoolean(4)),
            session.Roles,
            session.Options.ExcludedSchemas.ToArray(),
            relations).ConfigureAwait(false);
        foreach (var function in functions)
        {
            var signature = $"{function.Name}({function.Arguments})";
            if (!(session.IsShared(signature) || (function.IsAlone && session.IsShared(function.Name))))
            {
                session.Find(
                    NpgsqlRejectionReason.FunctionPrivileged,
                    signature,
                    $"runs with the rights of {function.Owner}. Make it SECURITY INVOKER, REVOKE EXECUTE FROM PUBLIC, or list it in "
                        + $"{nameof(RowLevelSecurityOptions.SharedObjects)}.");
            }
            else if (function.Path?.TrimEnd('"').EndsWith("pg_temp", StringComparison.Ordinal) != true)
            {
                session.Find(
                    NpgsqlRejectionReason.FunctionPrivileged, signature, "runs with its owner's rights whatever the caller's search_path "
                        + "finds. ALTER FUNCTION ... SET search_path = ..., pg_temp, which comes last.");
            }
        }
    }

    // The planner calls them before the policy has decided about a row.
    private static async Task CheckLeakproofAsync(AuditSession session, uint[] relations)
    {
        var functions = await session.ReadAsync(
            FunctionCatalog.Leakproof,
            row => (Name: row.GetString(0), Arguments: row.GetString(1), IsAlone: row.GetBoolean(2)),
            session.Roles,
            session.Options.ExcludedSchemas.ToArray(),
            relations).ConfigureAwait(false);
        foreach (var (name, arguments, isAlone) in functions)
        {
            var signature = $"{name}({arguments})";
            if (!(session.IsShared(signature) || (isAlone && session.IsShared(name))))
            {
                session.Find(
                    NpgsqlRejectionReason.FunctionPrivileged,
                    signature,
                    "is LEAKPROOF, so it is given rows of all tenants before the policy is asked, and what it raises or logs tells them. "
                        + $"ALTER FUNCTION ... NOT LEAKPROOF, or list it in {nameof(RowLevelSecurityOptions.SharedObjects)}.");
            }
        }
    }

    private static async Task CheckTriggersAsync(AuditSession session, uint[] written, ActedOn actedOn)
    {
        var triggers = await session.ReadAsync(
            RelationCatalog.Triggers, row => (Table: row.GetString(0), Name: row.GetString(1), Function: row.GetString(2),
                IsDefiner: row.GetBoolean(3)), written, actedOn.Deleted, actedOn.Changed).ConfigureAwait(false);
        foreach (var trigger in triggers.Where(trigger => !session.IsShared(trigger.Function)))
        {
            var how = trigger.IsDefiner ? "with the rights of its owner" : "with the rights of the table's owner and past its policies, "
                + "as the action of a foreign key sets it off";
            session.Find(
                NpgsqlRejectionReason.TriggerPrivileged,
                trigger.Table,
                $"trigger {trigger.Name} runs {trigger.Function} {how}. If that function leaves rows of other tenants alone, list it in "
                    + $"{nameof(RowLevelSecurityOptions.SharedObjects)}.");
        }
    }
}
