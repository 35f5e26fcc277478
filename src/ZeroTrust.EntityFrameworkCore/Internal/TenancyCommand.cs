using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>A command, looked at where it runs, whoever runs it. Kept with queries, so it holds no database context.</summary>
internal sealed class TenancyCommand(IRelationalCommand inner) : IRelationalCommand
{
    // Entity Framework Core takes the text of a query into a command of the connection, and runs no other command so.
    private bool _isQuery;

    public string CommandText => inner.CommandText;

    public string LogCommandText => inner.LogCommandText;

    public IReadOnlyList<IRelationalParameter> Parameters => inner.Parameters;

    public int ExecuteNonQuery(RelationalCommandParameterObject parameterObject) => inner.ExecuteNonQuery(Checked(parameterObject));

    public Task<int> ExecuteNonQueryAsync(
        RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteNonQueryAsync(Checked(parameterObject), cancellationToken);

    public object? ExecuteScalar(RelationalCommandParameterObject parameterObject) => inner.ExecuteScalar(Checked(parameterObject));

    public Task<object?> ExecuteScalarAsync(
        RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteScalarAsync(Checked(parameterObject), cancellationToken);

    public RelationalDataReader ExecuteReader(RelationalCommandParameterObject parameterObject) =>
        inner.ExecuteReader(Checked(parameterObject));

    public Task<RelationalDataReader> ExecuteReaderAsync(
        RelationalCommandParameterObject parameterObject, CancellationToken cancellationToken = default) =>
        inner.ExecuteReaderAsync(Checked(parameterObject), cancellationToken);

    public DbCommand CreateDbCommand(
        RelationalCommandParameterObject parameterObject, Guid commandId, DbCommandMethod commandMethod) =>
        inner.CreateDbCommand(Checked(parameterObject, parameterObject.CommandSource == CommandSource.LinqQuery), commandId, commandMethod);

    public void PopulateFrom(IRelationalCommandTemplate commandTemplate)
    {
        inner.PopulateFrom(commandTemplate);
        _isQuery = true;
    }

    private RelationalCommandParameterObject Checked(RelationalCommandParameterObject command) => Checked(command, _isQuery);

    // The database context of the connection: the one that is passed could be another.
    private RelationalCommandParameterObject Checked(RelationalCommandParameterObject command, bool isQuery)
    {
        TenancyCommandCheck.CheckBuilt(command.Connection.Context, command.CommandSource, CommandText, isQuery);
        return command;
    }
}
