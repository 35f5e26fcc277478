namespace ZeroTrust.Npgsql.Internal;

/// <summary>What one connection acts by.</summary>
internal interface ISession
{
    /// <summary>The statement that goes before each command, in the same round trip. Its one result set is skipped.</summary>
    /// <exception cref="RejectionException">What the connection acts by has ended.</exception>
    string Preamble { get; }

    /// <summary>Asks what has to be known before the first command.</summary>
    ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
