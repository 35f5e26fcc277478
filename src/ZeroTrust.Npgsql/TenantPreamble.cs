using System.Runtime.CompilerServices;
using System.Transactions;
using Npgsql;
using ZeroTrust.Authz;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql;

/// <summary>Puts the tenant before commands of Npgsql, for integrations that send commands of their own.</summary>
/// <remarks>The tenant is a parameter of the command and never part of its text, which other sessions and logs can show.</remarks>
public sealed class TenantPreamble
{
    /// <summary>The name of the parameter with the tenant. No other parameter may have it.</summary>
    public const string ParameterName = TenantLead.Parameter;

    // One session for each context, so that what it has signed serves its next command.
    private readonly ConditionalWeakTable<AuthzContext, TenantSession> _sessions = [];
    private readonly TenantSigningKey? _key;
    private readonly Pooler _pooler;
    private readonly TimeProvider _time;

    /// <summary>Creates what puts it there.</summary>
    /// <param name="key">What the tenant is signed with; null where the database does not ask for it.</param>
    /// <param name="pooler">The pooler between the service and the database.</param>
    /// <param name="time">The clock.</param>
    public TenantPreamble(TenantSigningKey? key, Pooler pooler, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _key = key;
        _pooler = pooler;
        _time = time;
    }

    /// <summary>Puts the tenant before the text of a command, and a parameter behind its parameters.</summary>
    /// <param name="command">
    /// The command, with its connection open and its transaction set; without a transaction it is taken for one by itself. Its first result set
    /// is then the tenant's, of one row. Its text may be empty.
    /// </param>
    /// <param name="context">The context.</param>
    /// <exception cref="NotSupportedException">The command has parameters without names.</exception>
    /// <exception cref="RejectionException">
    /// There is no context, or it has ended: <c>npgsql.context_missing</c>, <c>authz.expired</c>. Or a parameter has the reserved name:
    /// <c>npgsql.parameter_name_taken</c>. Or a transaction is ambient, <c>npgsql.ambient_transaction</c>, or the connection has served another tenant since it
    /// was opened: <c>npgsql.connection_shared</c>.
    /// </exception>
    public void Prepend(NpgsqlCommand command, AuthzContext? context)
    {
        var connection = Check(command);
        Prepend(command, context, SessionLeads.Of(connection, command.Transaction));
    }

    /// <summary>The same. The first command of a data source asks the database for its <c>search_path</c>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="context">The context.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>Nothing, when the command can be sent.</returns>
    /// <inheritdoc cref="Prepend(NpgsqlCommand, AuthzContext?)" path="/exception"/>
    public async ValueTask PrependAsync(NpgsqlCommand command, AuthzContext? context, CancellationToken cancellationToken = default)
    {
        var connection = Check(command);
        Prepend(command, context, await SessionLeads.OfAsync(connection, command.Transaction, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What to send when a transaction has begun, before anything else in it and before its savepoints.</summary>
    /// <param name="connection">Its connection.</param>
    /// <param name="transaction">The transaction.</param>
    /// <returns>The command; null where nothing has to be sent.</returns>
    public NpgsqlCommand? CreateReset(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(transaction);
        return _pooler == Pooler.None ? null : TenantLead.CreateReset(connection, transaction);
    }

    /// <summary>Refuses a connection that would join an ambient transaction. For integrations that open connections of their own, before they do.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="enlisted">The transaction that it was enlisted in; null for none.</param>
    /// <exception cref="RejectionException">It would, as its string does not say <c>Enlist=false</c>, or is in one: <c>npgsql.ambient_transaction</c>.</exception>
    public static void RefuseAmbientTransaction(NpgsqlConnection connection, Transaction? enlisted = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        AmbientTransactions.Refuse(connection.ConnectionString);
        if (enlisted is not null)
        {
            throw AmbientTransactions.Refusal();
        }
    }

    private static NpgsqlConnection Check(NpgsqlCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Connection is { } connection)
        {
            AmbientTransactions.Refuse(connection.ConnectionString);
        }

        return ReservedParameter.IsPositional(command.Parameters)
            ? throw new NotSupportedException("Parameters without names cannot stand beside the tenant's: name them, or send a batch.")
            : command.Connection ?? throw new InvalidOperationException("The command has no connection.");
    }

    private void Prepend(NpgsqlCommand command, AuthzContext? context, SessionLeads leads)
    {
        var session = Session(context);
        ServedTenant.Of(command.Connection!).Require(context!.Tenant);
        var lead = session.Lead(leads, isFirst: command.Transaction is null);
        ReservedParameter.Add(command.Parameters, session.CreateParameter(command.Connection!, command.CommandTimeout));
#pragma warning disable CA2100 // The caller's own statement, behind a constant one.
        command.CommandText = lead.Text + command.CommandText;
#pragma warning restore CA2100
    }

    private TenantSession Session(AuthzContext? context) => context is null
        ? throw new RejectionException(NpgsqlRejections.Refuse(NpgsqlRejectionReason.ContextMissing, "No context is current, so there is no tenant to name."))
        : _sessions.GetValue(context, context => new TenantSession(context, _key, _time, _pooler));
}
