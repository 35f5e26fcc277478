namespace ZeroTrust.Npgsql.Audit;

/// <summary>The tables, with their partitions, that actions of foreign keys write when the role writes another.</summary>
internal sealed record ActedOn(uint[] Deleted, uint[] Changed, uint[] Defaulted);
