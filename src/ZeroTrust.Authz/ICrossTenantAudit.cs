namespace ZeroTrust.Authz;

/// <summary>Records grants to read across tenants, before anything is read.</summary>
/// <remarks>Register one before <c>AddAuthz</c> that writes where those who are granted cannot delete. The default one logs event <c>CrossTenantGranted</c>.</remarks>
public interface ICrossTenantAudit
{
    /// <summary>Records a grant. When it throws, there is no grant.</summary>
    /// <param name="grant">What is granted, to whom, why and until when.</param>
    /// <param name="cancellationToken">Ends the attempt, and the grant with it.</param>
    /// <returns>A task that completes once the record is safe.</returns>
    Task WriteAsync(CrossTenantGrant grant, CancellationToken cancellationToken);
}
