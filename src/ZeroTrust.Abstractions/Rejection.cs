using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Why a security check refused: a stable code for the peer and a detail for the operator.</summary>
/// <remarks>
/// <see cref="Code"/> is safe to show to the refused side and equals the <c>error.type</c> of logs, metrics and traces.
/// <see cref="Detail"/> and the typed facts may name internals; they belong in the operator's log only. They may repeat what strangers sent, so
/// each is one line of printable characters: anything else is spelled <c>\u001b</c>, facts end after 128 characters and the detail after
/// 2,048, then with <c>…</c>.
/// </remarks>
public sealed class Rejection
{
    /// <summary>Creates a rejection. Packages make theirs through <see cref="RejectionFamily{TReason}"/>.</summary>
    /// <param name="code">Stable dotted snake_case code, for example <c>x509.expired</c>.</param>
    /// <param name="detail">What was found, for the operator's log only.</param>
    /// <param name="kind">The family that decides the status a host answers with.</param>
    /// <exception cref="ArgumentException"><paramref name="code"/> is null or empty.</exception>
    public Rejection(string code, string detail, RejectionKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        ArgumentNullException.ThrowIfNull(detail);
        Code = code;
        Detail = LogText.Detail(detail);
        Kind = kind;
    }

    /// <summary>The rejection carried by a verdict that nobody reached: <c>zerotrust.not_evaluated</c>.</summary>
    public static Rejection NotEvaluated { get; } =
        new("zerotrust.not_evaluated", "No check was run.", RejectionKind.Unspecified);

    /// <summary>Stable dotted snake_case code. Safe for the peer.</summary>
    public string Code { get; }

    /// <summary>What was found. For the operator's log only.</summary>
    public string Detail { get; }

    /// <summary>The family that decides the status a host answers with.</summary>
    public RejectionKind Kind { get; }

    /// <summary>What the check wanted to see, where that is a single fact. For the operator's log only.</summary>
    public string? Expected { get; init => field = LogText.Fact(value); }

    /// <summary>What the peer presented instead. For the operator's log only.</summary>
    public string? Presented { get; init => field = LogText.Fact(value); }

    /// <summary>The moment the decision hung on, for example a certificate's expiry.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whether a call to another server was refused, rather than a call to this workload.</summary>
    /// <remarks>
    /// The code names what is behind this workload, so a host answers such a refusal with a code of its own and never as the caller's fault.
    /// </remarks>
    public bool IsOutbound { get; private init; }

    /// <summary>Marks a refusal as one of an outbound call: of a server this workload called, or of the call itself before it was sent.</summary>
    /// <returns>
    /// The same refusal with <see cref="IsOutbound"/>, of kind <see cref="RejectionKind.BadGateway"/>; <see cref="RejectionKind.Unavailable"/> stays.
    /// </returns>
    public Rejection ToOutbound() => IsOutbound
        ? this
        : new Rejection(Code, Detail, Kind == RejectionKind.Unavailable ? RejectionKind.Unavailable : RejectionKind.BadGateway)
        {
            Expected = Expected,
            Presented = Presented,
            At = At,
            IsOutbound = true,
        };

    /// <summary>The code and the detail, for logs.</summary>
    public override string ToString() => $"{Code}: {Detail}";
}
