using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>A command that goes out behind the preamble, in one round trip and one transaction with it.</summary>
internal sealed class TenantCommand(TenantConnection? connection) : DbCommand
{
    private readonly NpgsqlCommand _inner = new();
#pragma warning disable CA2213 // The caller's, who disposes it.
    private TenantConnection? _connection = connection;
    private TenantTransaction? _transaction;
#pragma warning restore CA2213
    private string _text = string.Empty;

    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set => _text = value ?? string.Empty;
    }

    public override int CommandTimeout
    {
        get => _inner.CommandTimeout;
        set => _inner.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new NotSupportedException("A tenant's command is text; call procedures with CALL.");
            }
        }
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource
    {
        get => _inner.UpdatedRowSource;
        set => _inner.UpdatedRowSource = value;
    }

    protected override DbConnection? DbConnection
    {
        get => _connection;
        set => _connection = value is null or TenantConnection
            ? (TenantConnection?)value
            : throw new ArgumentException("A tenant's command runs on a tenant's connection.", nameof(value));
    }

    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = value is null or TenantTransaction
            ? (TenantTransaction?)value
            : throw new ArgumentException("A tenant's command runs in a tenant's transaction.", nameof(value));
    }

    protected override DbParameterCollection DbParameterCollection => _inner.Parameters;

    // Placeholders $1, $2: such a statement cannot have another before it in its text.
    private bool IsPositional => _inner.Parameters.Count > 0 && _inner.Parameters[0].ParameterName.Length == 0;

    public override void Cancel() => _inner.Cancel();

    /// <summary>Does nothing: the text changes with the tenant. Automatic preparation (<c>Max Auto Prepare</c>) works.</summary>
    public override void Prepare()
    {
    }

    public override int ExecuteNonQuery()
    {
        if (IsPositional)
        {
            using var batch = Batch();
            return batch.ExecuteNonQuery();
        }

        return Ready().ExecuteNonQuery();
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        if (IsPositional)
        {
            var batch = Batch();
            await using (batch.ConfigureAwait(false))
            {
                return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return await Ready().ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override object? ExecuteScalar() => Preambled.Scalar(ExecuteDbDataReader(CommandBehavior.Default));

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        await Preambled.ScalarAsync(await ExecuteDbDataReaderAsync(CommandBehavior.Default, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        RefuseSchemaOnly(behavior);
        return Preambled.Skip(IsPositional ? Batch().ExecuteReader(Preambled.Allowed(behavior)) : Ready().ExecuteReader(Preambled.Allowed(behavior)));
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        RefuseSchemaOnly(behavior);
        var reader = IsPositional
            ? await Batch().ExecuteReaderAsync(Preambled.Allowed(behavior), cancellationToken).ConfigureAwait(false)
            : await Ready().ExecuteReaderAsync(Preambled.Allowed(behavior), cancellationToken).ConfigureAwait(false);
        return await Preambled.SkipAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void RefuseSchemaOnly(CommandBehavior behavior)
    {
        if (behavior.HasFlag(CommandBehavior.SchemaOnly))
        {
            throw new NotSupportedException("A tenant's command is run, not described.");
        }
    }

    private TenantConnection Owner() => _connection ?? throw new InvalidOperationException("The command has no connection.");

#pragma warning disable CA2100 // The caller's own statement, which the database confines whatever it says.
    private NpgsqlCommand Ready()
    {
        var owner = Owner();
        _inner.Connection = owner.Inner;
        _inner.Transaction = _transaction?.Inner;
        _inner.CommandText = owner.Session.Preamble + _text;
        return _inner;
    }

    private NpgsqlBatch Batch()
    {
        var owner = Owner();
        var statement = new NpgsqlBatchCommand(_text);
        foreach (NpgsqlParameter parameter in _inner.Parameters)
        {
            statement.Parameters.Add(parameter.Clone());
        }

        return new NpgsqlBatch(owner.Inner, _transaction?.Inner)
        {
            Timeout = CommandTimeout,
            BatchCommands = { new NpgsqlBatchCommand(owner.Session.Preamble), statement },
        };
    }
#pragma warning restore CA2100
}
