using System.Data;
using System.Data.Common;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Answers as if the preamble, whose result comes first, were not there.</summary>
internal static class Preambled
{
    // Both would end the reader with the preamble's own result.
    private const CommandBehavior EndsEarly = CommandBehavior.SingleResult | CommandBehavior.SingleRow;

    internal static CommandBehavior Allowed(CommandBehavior behavior) => behavior & ~EndsEarly;

    internal static DbDataReader Skip(NpgsqlDataReader reader)
    {
        try
        {
            reader.NextResult();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    internal static async Task<DbDataReader> SkipAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        try
        {
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static object? Scalar(DbDataReader reader)
    {
        using (reader)
        {
            return reader.Read() && reader.FieldCount > 0 ? reader.GetValue(0) : null;
        }
    }

    internal static async Task<object?> ScalarAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && reader.FieldCount > 0 ? reader.GetValue(0) : null;
        }
    }
}
