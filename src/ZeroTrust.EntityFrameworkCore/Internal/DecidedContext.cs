namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>A database context somebody decided about: confined, or without tenants for a reason.</summary>
internal sealed record DecidedContext(Type Context, string? Reason);
