using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using ZeroTrust.Tests.Postgres;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>A database of one test, and a connection to it that no guard sees.</summary>
internal abstract class TestDatabase : IDisposable
{
    private static int _count;

    internal abstract DbConnection Open();

    internal abstract void Use(DbContextOptionsBuilder options);

    internal static TestDatabase Sqlite() =>
        new SqliteDatabase(
            string.Create(CultureInfo.InvariantCulture, $"Data Source=shop{Interlocked.Increment(ref _count)};Mode=Memory;Cache=Shared"));

    internal static TestDatabase SqliteFile(string path) => new SqliteDatabase($"Data Source={path};Pooling=False");

    internal static TestDatabase Postgres(PostgresServer server)
    {
        server.Require();
        return new PostgresDatabase(server.ConnectionString(server.CreateDatabase()));
    }

    /// <summary>What a query answers without any guard: one line per row.</summary>
    internal string[] Read(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return [.. rows];
    }

    // Tests make more kinds of database contexts than an application does.
    internal static DbContextOptionsBuilder Calm(DbContextOptionsBuilder options) =>
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning));

    public virtual void Dispose()
    {
    }

    private sealed class SqliteDatabase : TestDatabase
    {
        private readonly string _connectionString;
        private readonly SqliteConnection _keepAlive;

        internal SqliteDatabase(string connectionString)
        {
            _connectionString = connectionString;
            _keepAlive = (SqliteConnection)Open();
        }

        internal override DbConnection Open()
        {
            var connection = new SqliteConnection(_connectionString);
            connection.Open();
            return connection;
        }

        internal override void Use(DbContextOptionsBuilder options) => Calm(options).UseSqlite(_connectionString);

        public override void Dispose()
        {
            _keepAlive.Dispose();
            base.Dispose();
        }
    }

    private sealed class PostgresDatabase(string connectionString) : TestDatabase
    {
        private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

        internal override DbConnection Open() => _source.OpenConnection();

        internal override void Use(DbContextOptionsBuilder options) => Calm(options).UseNpgsql(_source);

        public override void Dispose()
        {
            _source.Dispose();
            base.Dispose();
        }
    }
}
