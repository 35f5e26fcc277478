using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>
/// Keeps the models of one database context apart by what they were made for, also in a cache that the application shares.
/// </summary>
internal sealed class TenancyModelCacheKeyFactory(string modelKind) : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (context.GetType(), designTime, modelKind);
}
