using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>The tenant among the parameters of a command.</summary>
internal static class ReservedParameter
{
    /// <summary>Placeholders $1, $2: such a statement cannot have another before it in its text.</summary>
    internal static bool IsPositional(NpgsqlParameterCollection parameters) =>
        parameters.Count > 0 && parameters[0].ParameterName.Length == 0;

    /// <summary>Adds the parameter of the lead.</summary>
    /// <exception cref="RejectionException">There is one of its name: <c>npgsql.parameter_name_taken</c>.</exception>
    internal static void Add(NpgsqlParameterCollection parameters, NpgsqlParameter reserved)
    {
        if (parameters.IndexOf(TenantLead.Parameter) >= 0)
        {
            throw new RejectionException(NpgsqlRejections.Refuse(
                NpgsqlRejectionReason.ParameterNameTaken, $"A parameter is named {TenantLead.Parameter}, which is kept for the tenant."));
        }

        parameters.Add(reserved);
    }
}
