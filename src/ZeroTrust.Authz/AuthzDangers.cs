using Microsoft.Extensions.DependencyInjection;

namespace ZeroTrust.Authz;

/// <summary>The checks of the context that code may weaken. Each needs a reason.</summary>
/// <remarks>Configuration cannot reach them. Each is logged as a warning at start, counted by <c>zerotrust.weakenings</c> and registered as a <see cref="Weakening"/>.</remarks>
public sealed class AuthzDangers
{
    internal const string Prefix = "authz.";

    private readonly IServiceCollection _services;
    private readonly HashSet<WorkloadId> _plainSenders = [];

    internal AuthzDangers(IServiceCollection services) => _services = services;

    internal IReadOnlySet<WorkloadId> PlainSenders => _plainSenders;

    internal AuthzReportOnly? ReportOnlyRollout { get; private set; }

    /// <summary>Believes the unsigned headers <see cref="PlainHeaderNames"/> of one workload, within its mint grant: it can act for every subject of every tenant the grant covers.</summary>
    /// <param name="workload">The sender, by its SPIFFE ID or <c>dns:</c> name. It holds a mint grant; so does this workload, which mints what it reads.</param>
    /// <param name="reason">Why the sender cannot send a signed context.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="FormatException">It is not a workload id.</exception>
    public AuthzDangers AcceptPlainHeaders(string workload, string reason)
    {
        var sender = WorkloadId.Parse(workload);
        Register($"{Prefix}plain_headers:{sender}", reason);
        _plainSenders.Add(sender);
        return this;
    }

    /// <summary>Serves what contexts and decisions would refuse, and reports it, until a moment; from then on it is refused, without a restart.</summary>
    /// <param name="until">When refusing begins. At the start of the host it lies ahead, by 90 days at most; else the host does not start.</param>
    /// <param name="reason">Why this is acceptable.</param>
    /// <exception cref="ArgumentException">There is no reason.</exception>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public AuthzDangers ReportOnly(DateTimeOffset until, string reason)
    {
        if (ReportOnlyRollout is not null)
        {
            throw new InvalidOperationException("A report-only rollout has one end.");
        }

        Register($"{Prefix}report_only:{until.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}", reason);
        ReportOnlyRollout = new AuthzReportOnly(until, reason);
        _services.AddSingleton(ReportOnlyRollout);
        return this;
    }

    private void Register(string name, string reason) => _services.AddSingleton(new Weakening(name, reason));
}
