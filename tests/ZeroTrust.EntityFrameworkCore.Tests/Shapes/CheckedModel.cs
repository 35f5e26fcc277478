using Microsoft.EntityFrameworkCore;
using ZeroTrust.EntityFrameworkCore.Internal;

namespace ZeroTrust.EntityFrameworkCore.Tests.Shapes;

internal static class CheckedModel
{
#pragma warning disable EF1001 // The analyzer takes this project's own namespace for Entity Framework Core's.
    /// <summary>Looks at the model, as the start of the host and the first use of a database context do.</summary>
    internal static void Require(DbContext db) => TenantBinding.Of(db).RequireModel();
#pragma warning restore EF1001
}
