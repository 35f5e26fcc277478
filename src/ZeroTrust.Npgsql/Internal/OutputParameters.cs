using System.Data;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Parameters that the driver fills from the first row of a statement.</summary>
internal static class OutputParameters
{
    internal static bool Any(NpgsqlParameterCollection parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Direction != ParameterDirection.Input)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives the caller's parameters what those of the last statement of a batch were filled with.</summary>
    internal static void Return(NpgsqlBatch sent, NpgsqlParameterCollection parameters)
    {
        var filled = sent.BatchCommands[^1].Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Direction != ParameterDirection.Input)
            {
                parameters[i].Value = filled[i].Value;
            }
        }
    }
}
