namespace ZeroTrust.EntityFrameworkCore.Tests.Shop;

/// <summary>Hands the database on without handing over its disposal.</summary>
internal sealed record TestDatabaseHolder(TestDatabase Database);
