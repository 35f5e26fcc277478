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

    // What comes back is read from the first statement of a text, and from its own of a batch.
    private bool NeedsBatch => ReservedParameter.IsPositional(_inner.Parameters) || OutputParameters.Any(_inner.Parameters);

    public override void Cancel() => _inner.Cancel();

    /// <summary>Does nothing: a prepared statement outlives the session's reset, and SQL of one tenant can put another in its place.</summary>
    public override void Prepare()
    {
    }

    public override int ExecuteNonQuery()
    {
        if (NeedsBatch)
        {
            using var batch = CreateBatch();
            var count = batch.ExecuteNonQuery();
            OutputParameters.Return(batch, _inner.Parameters);
            return count;
        }

        using var bound = Bind();
        return _inner.ExecuteNonQuery();
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        if (NeedsBatch)
        {
            var batch = CreateBatch();
            await using (batch.ConfigureAwait(false))
            {
                var count = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                OutputParameters.Return(batch, _inner.Parameters);
                return count;
            }
        }

        using var bound = Bind();
        return await _inner.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public override object? ExecuteScalar() => Preambled.Scalar(ExecuteDbDataReader(CommandBehavior.Default));

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        await Preambled.ScalarAsync(await ExecuteDbDataReaderAsync(CommandBehavior.Default, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        RefuseSchemaOnly(behavior);
        if (NeedsBatch)
        {
            var batch = CreateBatch();
            var rows = Preambled.Skip(batch.ExecuteReader(Preambled.Allowed(behavior)));
            OutputParameters.Return(batch, _inner.Parameters);
            return rows;
        }

        using var bound = Bind();
        return Preambled.Skip(_inner.ExecuteReader(Preambled.Allowed(behavior)));
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        RefuseSchemaOnly(behavior);
        if (NeedsBatch)
        {
            var batch = CreateBatch();
            var reader = await batch.ExecuteReaderAsync(Preambled.Allowed(behavior), cancellationToken).ConfigureAwait(false);
            var rows = await Preambled.SkipAsync(reader, cancellationToken).ConfigureAwait(false);
            OutputParameters.Return(batch, _inner.Parameters);
            return rows;
        }

        using var bound = Bind();
        var all = await _inner.ExecuteReaderAsync(Preambled.Allowed(behavior), cancellationToken).ConfigureAwait(false);
        return await Preambled.SkipAsync(all, cancellationToken).ConfigureAwait(false);
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
    private BoundParameter Bind()
    {
        var owner = Owner();
        _inner.Connection = owner.Inner;
        _inner.Transaction = _transaction?.Inner;
        _inner.CommandText = owner.Lead().Text + _text;
        return new BoundParameter(_inner.Parameters, owner.Session.CreateParameter(owner.Inner, _inner.CommandTimeout));
    }

    private NpgsqlBatch CreateBatch()
    {
        var owner = Owner();
        _inner.Connection = owner.Inner;
        var statement = new NpgsqlBatchCommand(_text);
        foreach (NpgsqlParameter parameter in _inner.Parameters)
        {
            statement.Parameters.Add(parameter.Clone());
        }

        var batch = owner.CreateInnerBatch(_transaction, _inner.CommandTimeout);
        batch.BatchCommands.Add(statement);
        return batch;
    }
#pragma warning restore CA2100

    /// <summary>The tenant's parameter, among the caller's while the command is being sent.</summary>
    private readonly struct BoundParameter : IDisposable
    {
        private readonly NpgsqlParameterCollection _parameters;
        private readonly NpgsqlParameter? _parameter;

        internal BoundParameter(NpgsqlParameterCollection parameters, NpgsqlParameter? parameter)
        {
            _parameters = parameters;
            _parameter = parameter;
            if (parameter is not null)
            {
                ReservedParameter.Add(parameters, parameter);
            }
        }

        public void Dispose()
        {
            if (_parameter is not null)
            {
                _parameters.Remove(_parameter);
            }
        }
    }
}
