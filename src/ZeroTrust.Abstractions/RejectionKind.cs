namespace ZeroTrust;

/// <summary>The family of a <see cref="Rejection"/>: what a host answers with.</summary>
/// <remarks>An outage has its own family so that "cannot decide now" is never reported as "forbidden".</remarks>
public enum RejectionKind
{
    /// <summary>No decision was made: a defect of the program. Answered as 500 and INTERNAL.</summary>
    Unspecified = 0,

    /// <summary>The caller did not prove who it is. Answered as 401 and UNAUTHENTICATED.</summary>
    Unauthenticated = 1,

    /// <summary>The caller is known and may not do this. Answered as 403 and PERMISSION_DENIED.</summary>
    Forbidden = 2,

    /// <summary>The call itself is malformed in a way no honest client produces. Answered as 400 and INVALID_ARGUMENT.</summary>
    Malformed = 3,

    /// <summary>Something the decision or the service needs is down. Answered as 503 with Retry-After, and UNAVAILABLE;
    /// of a call to another server as 502 where the method of the call that is served is not idempotent.</summary>
    Unavailable = 4,

    /// <summary>A call to another server was refused, by this workload or by that server; the caller is not at fault, and
    /// trying again changes nothing. Answered as 502 and FAILED_PRECONDITION.</summary>
    BadGateway = 5,
}
