using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>Looks at the rows that become commands, be they tracked by the database context or not.</summary>
internal sealed class TenancyDatabase(IDatabase inner, ICurrentDbContext current) : IDatabase
{
    public int SaveChanges(IList<IUpdateEntry> entries)
    {
        var binding = TenantBinding.Of(current.Context);
        using var save = new TenantSave(binding, entries);
        return inner.SaveChanges(entries);
    }

    public async Task<int> SaveChangesAsync(IList<IUpdateEntry> entries, CancellationToken cancellationToken = default)
    {
        var binding = TenantBinding.Of(current.Context);
        using var save = new TenantSave(binding, entries);
        return await inner.SaveChangesAsync(entries, cancellationToken).ConfigureAwait(false);
    }

    public Func<QueryContext, TResult> CompileQuery<TResult>(Expression query, bool async) => inner.CompileQuery<TResult>(query, async);

    [Experimental("EF9100")]
    public Expression<Func<QueryContext, TResult>> CompileQueryExpression<TResult>(Expression query, bool async) =>
        inner.CompileQueryExpression<TResult>(query, async);
}
