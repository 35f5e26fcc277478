namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>What was decided about the rows of an entity type.</summary>
internal enum RowDecision
{
    Undecided = 0,
    OfTenant = 1,
    SharedReadOnly = 2,
    SharedWritable = 3,
}
