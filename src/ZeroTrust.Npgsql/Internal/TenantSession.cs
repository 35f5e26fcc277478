using System.Text;
using Npgsql;
using NpgsqlTypes;
using ZeroTrust.Authz;

namespace ZeroTrust.Npgsql.Internal;

/// <summary>Acts for the tenant of a context.</summary>
internal sealed class TenantSession : ISession
{
    // What clocks may differ by.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    // How long one value serves the commands of a busy connection, beyond what a command needs.
    private static readonly TimeSpan Reuse = TimeSpan.FromSeconds(10);

    private readonly AuthzContext _context;
    private readonly TenantSigningKey? _key;
    private readonly TimeProvider _time;
    private readonly Pooler _pooler;
    private SignedTenant _last;

    internal TenantSession(AuthzContext context, TenantSigningKey? key, TimeProvider time, Pooler pooler = Pooler.None)
    {
        _context = context;
        _key = key;
        _time = time;
        _pooler = pooler;
        _last = new SignedTenant(Encoding.ASCII.GetBytes(context.Tenant.ToString()), TenantSigningKey.AnySession, DateTimeOffset.MinValue);
    }

    public bool CleansTransactions => _pooler != Pooler.None;

    public Lead Lead(SessionLeads leads, bool isFirst)
    {
        _ = _context.CheckExpiry(_time.GetUtcNow() - ClockSkew).GetOrThrow();
        return isFirst && CleansTransactions ? leads.TenantFirst : leads.Tenant;
    }

    // Bytes, as what prints parameters prints text.
    public NpgsqlParameter CreateParameter(NpgsqlConnection connection, int timeout) =>
        new NpgsqlParameter<ReadOnlyMemory<byte>>(TenantLead.Parameter, NpgsqlDbType.Text) { TypedValue = Value(connection, timeout) };

    internal ReadOnlyMemory<byte> Value(NpgsqlConnection connection, int timeout)
    {
        if (_key is null)
        {
            return _last.Value;
        }

        // A pooler's client does not know which session it is given.
        var session = _pooler == Pooler.None ? connection.ProcessID : TenantSigningKey.AnySession;
        var end = _context.ExpiresAt + ClockSkew + TimeSpan.FromSeconds(1);
        var needed = timeout == 0 ? end : Earlier(end, _time.GetUtcNow() + TimeSpan.FromSeconds(timeout) + ClockSkew);
        var last = Volatile.Read(ref _last);
        if (last.Session != session || last.Until < needed || last.Until > needed + Reuse)
        {
            var until = Earlier(end, needed + Reuse);
            var value = _key.Sign(_context.Tenant, until.ToUnixTimeSeconds(), session);
            last = new SignedTenant(Encoding.ASCII.GetBytes(value), session, until);
            Volatile.Write(ref _last, last);
        }

        return last.Value;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private sealed record SignedTenant(ReadOnlyMemory<byte> Value, int Session, DateTimeOffset Until);
}
