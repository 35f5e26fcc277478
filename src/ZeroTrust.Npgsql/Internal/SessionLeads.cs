using System.Collections.Concurrent;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>What goes before commands, by the <c>search_path</c> that sessions begin with.</summary>
internal sealed class SessionLeads
{
    private const int MaxKnown = 1_024;

    // What a reset comes back to, whatever SQL has set since: what role, database and connection string say. Every name is qualified.
    private const string Question = "SELECT reset_val FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'search_path'";

    // By where a connection leads and as whom, which is what the path depends on.
    private static readonly ConcurrentDictionary<string, SessionLeads> Known = new(StringComparer.Ordinal);

    private SessionLeads(string path)
    {
        var pin = SearchPath.Pin(path);
        Tenant = new Lead($"SELECT {pin}, {TenantLead.Tenant}");
        TenantFirst = new Lead([.. TenantLead.Resets, $"SELECT {pin}, {TenantLead.Tenant}, {TenantLead.Rest}"]);
        Grant = new Lead($"SELECT {pin}, {GrantSession.ReadOnly}");
        GrantFirst = new Lead([.. TenantLead.Resets, $"SELECT {pin}, {TenantLead.Rest}, {GrantSession.ReadOnly}"]);
    }

    /// <summary>Before each command of a tenant.</summary>
    internal Lead Tenant { get; }

    /// <summary>The same, before a command that is a transaction by itself, where the session may have served another client.</summary>
    internal Lead TenantFirst { get; }

    /// <summary>Before each command of a grant.</summary>
    internal Lead Grant { get; }

    /// <summary>The same, where the session may have served another client.</summary>
    internal Lead GrantFirst { get; }

    /// <summary>What goes before the commands of an open connection. The database is asked once.</summary>
    internal static SessionLeads Of(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        if (Known.TryGetValue(connection.ConnectionString, out var known))
        {
            return known;
        }

        using var question = new NpgsqlCommand(Question, connection, transaction);
        return Learn(connection, question.ExecuteScalar());
    }

    /// <summary>The same.</summary>
    internal static async ValueTask<SessionLeads> OfAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        if (Known.TryGetValue(connection.ConnectionString, out var known))
        {
            return known;
        }

        var question = new NpgsqlCommand(Question, connection, transaction);
        await using (question.ConfigureAwait(false))
        {
            return Learn(connection, await question.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private static SessionLeads Learn(NpgsqlConnection connection, object? answer)
    {
        var leads = new SessionLeads(answer as string ?? throw new InvalidOperationException("The database does not tell its search_path."));

        // One that connects to ever more databases asks again.
        if (Known.Count >= MaxKnown)
        {
            Known.Clear();
        }

        Known[connection.ConnectionString] = leads;
        return leads;
    }
}
