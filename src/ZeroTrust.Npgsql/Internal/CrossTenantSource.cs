using Npgsql;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>A data source of a role that reads across tenants, known at start.</summary>
internal sealed record CrossTenantSource(NpgsqlDataSource Source);
