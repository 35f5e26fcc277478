using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using ZeroTrust.Npgsql.Internal;

namespace ZeroTrust.Npgsql.Audit;

/// <summary>One read-only transaction that asks the system catalogs, and what it found.</summary>
/// <remarks>
/// Its search path is the catalog's, so that no table of the same name answers and expressions come back with their schemas.
/// </remarks>
internal sealed class AuditSession(NpgsqlConnection connection, RowLevelSecurityOptions options, CancellationToken cancellationToken)
{
    // What cannot be read whole cannot be decided.
    internal const int MaxRows = 20_000;

    private readonly List<Rejection> _findings = [];
    private readonly List<Rejection> _accepted = [];

    internal RowLevelSecurityOptions Options => options;

    internal NpgsqlConnection Connection => connection;

    internal IReadOnlyList<Rejection> Findings => _findings;

    internal IReadOnlyList<Rejection> Accepted => _accepted;

    /// <summary>
    /// Every role that statements of the session can act as, superusers and predefined roles aside, which are findings themselves.
    /// </summary>
    internal uint[] Roles { get; set; } = [];

    internal int Version { get; private set; }

    /// <summary>Beside SELECT, INSERT, UPDATE and DELETE: what policies do not bind.</summary>
    internal string[] ExcessivePrivileges =>
        Version >= 170000 ? ["TRUNCATE", "TRIGGER", "REFERENCES", "MAINTAIN"] : ["TRUNCATE", "TRIGGER", "REFERENCES"];

    internal async Task BeginAsync()
    {
        var timeout = options.AuditTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
        Version = (await ReadAsync(Catalog.Begin, row => row.GetInt32(0), timeout).ConfigureAwait(false))[0];
    }

    internal void Find(NpgsqlRejectionReason reason, string subject, string detail)
    {
        var accepted = options.IsAccepted(reason, subject, out var why);
        (accepted ? _accepted : _findings).Add(
            NpgsqlRejections.Refuse(reason, accepted ? $"{subject}: {detail} Accepted: {why}" : $"{subject}: {detail}"));
    }

    internal void Find(Rejection? rejection)
    {
        if (rejection is not null)
        {
            _findings.Add(rejection);
        }
    }

    internal bool IsShared(string name) => options.SharedObjects.Contains(name, StringComparer.Ordinal);

    internal bool IsExcluded(string schema) => options.ExcludedSchemas.Contains(schema, StringComparer.Ordinal);

    internal async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
#pragma warning disable CA2100 // Constants of Catalog.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using (command.ConfigureAwait(false))
        {
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(
                    parameter is uint[]? new NpgsqlParameter { Value = parameter, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid }
                    : new NpgsqlParameter { Value = parameter });
            }

            var rows = new List<T>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (rows.Count == MaxRows)
                    {
                        throw new RejectionException(NpgsqlRejections.Refuse(
                            NpgsqlRejectionReason.AuditFailed, $"One question of the audit has more than {MaxRows} answers. Take rights "
                                + "from the role, or exclude schemas that hold no tenant's rows."));
                    }

                    rows.Add(read(reader));
                }
            }

            return rows;
        }
    }

    internal static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
