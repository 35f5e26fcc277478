namespace ZeroTrust.Npgsql.Tests.Flaws;

/// <summary>What an exploit shows.</summary>
public enum Proof
{
    /// <summary>The last statement of tenant b answers what only tenant a's row says: <c>anvil</c>.</summary>
    Reads = 0,

    /// <summary>Rows of tenant a are others than before.</summary>
    Changes = 1,

    /// <summary>The last statement of tenant b fails because tenant a's row is there, by a unique index or an exclusion.</summary>
    Knows = 2,

    /// <summary>The last statement of tenant b fails because of a value of tenant a's row.</summary>
    Fails = 3,
}
