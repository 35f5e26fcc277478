using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using ZeroTrust.AspNetCore.Internal;

namespace ZeroTrust.AspNetCore;

/// <summary>
/// The decision that only these verified peers may call; no context is asked for. For a gRPC method, a controller action or, through
/// <c>RequirePeer</c>, any endpoint.
/// </summary>
/// <remarks>Refuses with <c>aspnetcore.peer_required</c> (401, UNAUTHENTICATED) and <c>aspnetcore.peer_not_allowed</c> (403, PERMISSION_DENIED).</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequirePeerAttribute : Attribute, IEndpointDecision
{
    private readonly FrozenSet<WorkloadId> _workloads;

    /// <summary>Makes the decision.</summary>
    /// <param name="workloads">Workload ids; none means every peer the listener admits.</param>
    /// <exception cref="ArgumentException">A workload id is malformed.</exception>
    public RequirePeerAttribute(params string[] workloads)
    {
        ArgumentNullException.ThrowIfNull(workloads);
        _workloads = workloads.Select(Parse).ToFrozenSet();
        Workloads = [.. workloads];
        Description = workloads.Length == 0 ? "any admitted peer" : "peer " + string.Join(" or ", workloads);
    }

    /// <summary>The workload ids; none where every admitted peer may call.</summary>
    public IReadOnlyList<string> Workloads { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public override string ToString() => Description;

    private static WorkloadId Parse(string text) => WorkloadId.TryParse(text, out var workload)
        ? workload
        : throw new ArgumentException($"'{text}' is not a workload id.", nameof(text));
}
