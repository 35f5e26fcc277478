namespace ZeroTrust.Authz.AspNetCore.Routes;

/// <summary>Names of route values, fields and parameters, which are compared without case.</summary>
internal static class Names
{
    public static bool AreEqual(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
