using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using ZeroTrust.Npgsql;

namespace ZeroTrust.EntityFrameworkCore.Npgsql;

/// <summary>Row-level security as steps of a migration. The statements are those of <see cref="RowSecuritySql"/>.</summary>
public static class RowSecurityMigrationBuilderExtensions
{
    /// <summary>
    /// Makes <c>zerotrust.tenant()</c>, unsigned. The signed one holds secrets and does not belong into a migration: run
    /// <see cref="RowSecuritySql.CreateSchema(IReadOnlyList{TenantSigningKey}, Pooler)"/> at deployment.
    /// </summary>
    /// <param name="migration">The migration.</param>
    /// <returns>The step.</returns>
    public static OperationBuilder<SqlOperation> CreateTenantSchema(this MigrationBuilder migration) =>
        Add(migration, RowSecuritySql.CreateSchema());

    /// <summary>Holds a table to the tenant, its owner included. Undone by <see cref="DisableTenantRowSecurity"/>.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="table">The table, <c>name</c> or <c>schema.name</c>.</param>
    /// <param name="tenantColumn">Its column with the tenant.</param>
    /// <returns>The step.</returns>
    public static OperationBuilder<SqlOperation> EnableTenantRowSecurity(this MigrationBuilder migration, string table, string tenantColumn) =>
        Add(migration, RowSecuritySql.Enable(table, tenantColumn));

    /// <summary>Takes the policy and the enforcement from a table: its rows are then open to every role that may read it.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="table">The table.</param>
    /// <returns>The step.</returns>
    public static OperationBuilder<SqlOperation> DisableTenantRowSecurity(this MigrationBuilder migration, string table) =>
        Add(migration, RowSecuritySql.Disable(table));

    /// <summary>A view that reads with the rights of whoever queries it.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="view">The view, <c>name</c> or <c>schema.name</c>.</param>
    /// <param name="query">Its query.</param>
    /// <returns>The step.</returns>
    public static OperationBuilder<SqlOperation> CreateTenantView(this MigrationBuilder migration, string view, string query) =>
        Add(migration, RowSecuritySql.CreateView(view, query));

    /// <summary>Lets a role, one that no service of tenants logs in as, read the rows of all tenants.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="table">The table.</param>
    /// <param name="role">The role.</param>
    /// <returns>The step.</returns>
    public static OperationBuilder<SqlOperation> GrantCrossTenantRead(this MigrationBuilder migration, string table, string role) =>
        Add(migration, RowSecuritySql.GrantCrossTenantRead(table, role));

    private static OperationBuilder<SqlOperation> Add(MigrationBuilder migration, string sql)
    {
        ArgumentNullException.ThrowIfNull(migration);
        return migration.Sql(sql);
    }
}
