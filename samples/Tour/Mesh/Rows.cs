using Microsoft.Data.Sqlite;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>Looks into the services' database files behind their backs: what is there is what happened.</summary>
internal sealed class Rows(string ordersFile, string billingFile)
{
    public Task<int> OrdersAsync(CancellationToken cancellationToken) => CountAsync(ordersFile, "Orders", cancellationToken);

    public Task<int> InvoicesAsync(CancellationToken cancellationToken) => CountAsync(billingFile, "Invoices", cancellationToken);

    public async Task<int> TotalAsync(CancellationToken cancellationToken) =>
        await OrdersAsync(cancellationToken) + await InvoicesAsync(cancellationToken);

    /// <summary>"tenant subject" of an order; "none" when it is not there.</summary>
    public Task<string> OrderAsync(string? id, CancellationToken cancellationToken) =>
        ReadAsync(ordersFile, "SELECT Tenant || ' ' || Subject FROM Orders WHERE Id = $id", id, cancellationToken);

    /// <summary>"tenant permissions" of an order's invoice; "none" when it is not there.</summary>
    public Task<string> InvoiceAsync(string? orderId, CancellationToken cancellationToken) =>
        ReadAsync(billingFile, "SELECT Tenant || ' ' || Permissions FROM Invoices WHERE OrderId = $id", orderId, cancellationToken);

    private static async Task<int> CountAsync(string file, string table, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(file, cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the table's name is one of two constants above
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
#pragma warning restore CA2100
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), provider: null);
    }

    private static async Task<string> ReadAsync(string file, string query, string? id, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(file, cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the query is one of two constants above
        command.CommandText = query;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$id", id ?? "");
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "none";
    }

    private static async Task<SqliteConnection> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
