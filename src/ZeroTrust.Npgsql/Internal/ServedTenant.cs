using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>
/// The one tenant that a connection serves from when it is opened until it is closed: what one leaves in the session would be there for
/// another.
/// </summary>
internal sealed class ServedTenant
{
    private static readonly ConditionalWeakTable<NpgsqlConnection, ServedTenant> Known = [];

    private TenantId _tenant;

    internal static ServedTenant Of(NpgsqlConnection connection) => Known.GetValue(connection, static connection =>
    {
        var served = new ServedTenant();
        connection.StateChange += (_, change) => served._tenant = change.CurrentState == ConnectionState.Closed ? default : served._tenant;
        return served;
    });

    /// <exception cref="RejectionException">It serves another: <c>npgsql.connection_shared</c>.</exception>
    internal void Require(TenantId tenant)
    {
        if (_tenant.IsDefault)
        {
            _tenant = tenant;
        }
        else if (_tenant != tenant)
        {
            throw new RejectionException(NpgsqlRejections.Refuse(
                NpgsqlRejectionReason.ConnectionShared,
                $"The open connection has served {_tenant}, and the current context is for {tenant}: close it in between, so that its "
                    + "session is reset."));
        }
    }
}
