using System.Net;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>What an exception that ends a call says of a refusal: of the call itself, or by a server that was called for it.</summary>
internal sealed class UncaughtRefusals(IEnumerable<IUpstreamRefusalReader> readers)
{
    // Of an AggregateException in another, and so on: each is one more level of the stack.
    private const int MaxDepth = 16;

    // Set by the clients of AddMtls, on the outermost exception of theirs.
    private const string MayBeExecuted = "zerotrust.may_be_executed";

    private readonly IUpstreamRefusalReader[] _readers = [.. readers];

    /// <summary>The refusal; null where there is none, as of an outage or a defect.</summary>
    public Rejection? FindIn(Exception exception) =>
        RejectionException.FindIn(exception) is { } rejection
            ? rejection.Kind == RejectionKind.Unavailable && rejection.IsOutbound && MayBeExecutedIn(exception) ? null : rejection
            : FindAnswerIn(exception, depth: 0);

    // 503 and UNAVAILABLE would have the caller try again.
    private static bool MayBeExecutedIn(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is HttpRequestException && exception.Data.Contains(MayBeExecuted))
            {
                return true;
            }
        }

        return false;
    }

    private Rejection? FindAnswerIn(Exception? exception, int depth)
    {
        for (; exception is not null && depth < MaxDepth; exception = exception.InnerException)
        {
            if (exception is AggregateException several)
            {
                return FindInAny(several, depth + 1);
            }

            if (IsAnswer(exception, out var refusal))
            {
                return refusal;
            }
        }

        return null;
    }

    private Rejection? FindInAny(AggregateException several, int depth)
    {
        foreach (var exception in several.InnerExceptions)
        {
            if (FindAnswerIn(exception, depth) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    // Only a client of HTTP throws it, whoever made that client: what this service reads from its own caller fails otherwise.
    private bool IsAnswer(Exception exception, out Rejection? refusal)
    {
        if (exception is HttpRequestException { StatusCode: { } status })
        {
            refusal = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? AspNetCoreRejections.Refuse(
                    AspNetCoreRejectionReason.UpstreamRefused,
                    $"A server that was called answered {(int)status}, and nothing caught it.").ToOutbound()
                : null;
            return true;
        }

        foreach (var reader in _readers)
        {
            if (reader.TryRead(exception, out refusal))
            {
                return true;
            }
        }

        refusal = null;
        return false;
    }
}
