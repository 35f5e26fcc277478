using Microsoft.AspNetCore.Http;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>Only the named verified peers may call.</summary>
internal sealed class PeerDecision : IEndpointDecision
{
    private readonly HashSet<WorkloadId> _workloads = [];

    public PeerDecision(string[] workloads)
    {
        ArgumentNullException.ThrowIfNull(workloads);
        foreach (var text in workloads)
        {
            _workloads.Add(WorkloadId.TryParse(text, out var workload)
                ? workload
                : throw new ArgumentException($"'{text}' is not a workload id.", nameof(workloads)));
        }

        Description = workloads.Length == 0 ? "any admitted peer" : "peer " + string.Join(" or ", workloads);
    }

    public string Description { get; }

    public Verdict<IEndpointDecision> Decide(HttpContext context)
    {
        if (context.GetVerifiedPeer() is not { } peer)
        {
            return AspNetCoreRejections.Refuse(AspNetCoreRejectionReason.PeerRequired, "The connection has no verified peer.");
        }

        return _workloads.Count == 0 || (peer.Workload is { } workload && _workloads.Contains(workload))
            ? Verdict.Accept<IEndpointDecision>(this)
            : new Rejection(
                AspNetCoreRejections.Family.CodeOf(AspNetCoreRejectionReason.PeerNotAllowed),
                "The endpoint does not name this peer.",
                RejectionKind.Forbidden)
            { Expected = Description, Presented = peer.ToString() };
    }

    public override string ToString() => Description;
}
