namespace ZeroTrust.Tests.Postgres;

/// <summary>The server of a test class. Its tests are skipped where none is installed.</summary>
public class PostgresServer : PostgresProcess, IAsyncLifetime
{
    /// <summary>Skips the running test where no server is installed.</summary>
    public void Require() => Assert.SkipUnless(IsInstalled, "No PostgreSQL server is installed (Debian package postgresql).");
}
