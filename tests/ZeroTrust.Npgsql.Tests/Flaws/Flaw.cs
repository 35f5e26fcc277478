namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>One way round the tenant.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Code">What the audit has to say of it.</param>
/// <param name="Setup">What the superuser runs to make it.</param>
/// <param name="Exploit">
/// What tenant b then runs with the service's role, one statement a line. A line that begins with <c>a&gt;</c> is another session, of
/// tenant a; with <c>owner&gt;</c> the
/// owner's.
/// </param>
/// <param name="Proof">What shows that it worked.</param>
public sealed record Flaw(string Name, string Code, string Setup, string Exploit, Proof Proof)
{
    /// <summary>The first version of PostgreSQL that has it.</summary>
    public int From { get; init; } = 15;

    /// <summary>The last version on which the exploit works; the audit says it on later ones too.</summary>
    public int WorksUntil { get; init; } = 99;

    /// <summary>An extension it needs.</summary>
    public string? Extension { get; init; }

    /// <summary>What the options list as shared.</summary>
    public string[] Shared { get; init; } = [];

    public override string ToString() => Name;
}
