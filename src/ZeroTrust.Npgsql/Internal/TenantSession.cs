using System.Buffers;
using ZeroTrust.Authz;

namespace ZeroTrust.Npgsql.Internal;

internal sealed class TenantSession : ISession
{
    // What clocks may differ by.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._:-");

    private readonly AuthzContext _context;
    private readonly TimeProvider _time;
    private readonly string _preamble;

    internal TenantSession(AuthzContext context, TenantSigningKey? key, TimeProvider time)
    {
        _context = context;
        _time = time;
        var value = key is null ? context.Tenant.ToString() : key.Sign(context.Tenant, (context.ExpiresAt + ClockSkew).ToUnixTimeSeconds() + 1);

        // It becomes part of the statement; both grammars leave no letter that could end the text.
        _preamble = value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Plain)
            ? $"SELECT set_config('{RowSecuritySql.Setting}','{value}',true);"
            : throw new InvalidOperationException("The tenant cannot be part of a statement.");
    }

    public string Preamble
    {
        get
        {
            _ = _context.CheckExpiry(_time.GetUtcNow() - ClockSkew).GetOrThrow();
            return _preamble;
        }
    }
}
