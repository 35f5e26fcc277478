using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql.Internal;

/// <summary>Keeps the connections of a database context out of ambient transactions, from whatever they would be opened in.</summary>
internal sealed class RowSecurityConnectionInterceptor : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        TenantPreamble.RefuseAmbientTransaction((NpgsqlConnection)connection);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ConnectionOpening(connection, eventData, result));
}
