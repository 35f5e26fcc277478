namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>A database context as it is registered: by itself, its options, or something that makes it.</summary>
internal sealed record RegisteredContext(Type Context, Type Service, object? Key, object? Instance);
