using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// A call as the guard sees it: which endpoint it has, what was asked about that endpoint, and which answers may leave. It is the call's
/// endpoint feature, so that every endpoint that is set becomes one that asks before it runs; and its response body, so that nothing is left
/// in the server's writer that no decision accepted; and its trailers, so that none says what only these packages may say.
/// </summary>
internal sealed class GuardedCall(EndpointGates gates) : IEndpointFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private HttpContext? _context;
    private IFeatureCollection? _owner;
    private Endpoint? _endpoint;
    private Endpoint? _accepted;
    private Endpoint? _acceptedBefore;
    private CallProofs _proofs;
    private Verdict<IEndpointDecision> _verdict;
    private bool _isDecided;
    private GuardedAnswer _answer;
    private AnswerShape _shape;
    private GuardedPipe? _pipe;
    private GuardedTrailers? _trailers;

    public Endpoint? Endpoint
    {
        get => _endpoint;
        set
        {
            // Not kept for the same endpoint either: it may have been matched again, with other route values.
            _endpoint = value is null ? null : gates.Guard(value);
            _proofs = CallProofs.None;
            _isDecided = false;
        }
    }

    public HttpContext Context => _context!;

    /// <summary>The server's own response, whatever was put in its place since.</summary>
    public IHttpResponseFeature ServerResponse { get; private set; } = null!;

    /// <summary>The server's own response body.</summary>
    public IHttpResponseBodyFeature ServerBody { get; private set; } = null!;

    /// <summary>The server's own trailers; null where its protocol has none.</summary>
    public IHttpResponseTrailersFeature? ServerTrailers { get; private set; }

    /// <summary>What the decision of the current endpoint said; null when it was not asked.</summary>
    public Verdict<IEndpointDecision>? Verdict => _isDecided ? _verdict : default(Verdict<IEndpointDecision>?);

    /// <summary>The endpoint that was accepted last; null when none was.</summary>
    public Endpoint? Accepted => _accepted;

    /// <summary>Whether an endpoint was accepted that is not for everybody: whatever answers the call may hold something of it.</summary>
    public bool IsPrivate { get; private set; }

    /// <summary>The answer that is being written past everything the application put around the response.</summary>
    public GuardedAnswer Answer => _answer;

    /// <summary>Whether that answer is complete: nothing else of this call leaves.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Whether a response that nobody decided was given up.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Whether a preflight is with the CORS middleware.</summary>
    public bool IsPreflight { get; set; }

    /// <summary>Whether the answer is a refusal of the connection, by these packages: it alone may say that it is.</summary>
    public bool JudgesConnection { get; set; }

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers
    {
        get => _trailers ??= new GuardedTrailers(this);
        set => (_trailers ??= new GuardedTrailers(this)).Replace(value);
    }

    Stream IHttpResponseBodyFeature.Stream => ServerBody.Stream;

    PipeWriter IHttpResponseBodyFeature.Writer => MayAnswer() ? ServerBody.Writer : _pipe ??= new GuardedPipe(this);

    private bool HasUnsentBytes => ServerBody.Writer is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    /// <summary>The call, when the context is its own and the endpoint of the context is the one this call knows.</summary>
    public static GuardedCall? Of(HttpContext context)
    {
        var features = context.Features;
        return features.Get<IEndpointFeature>() is GuardedCall call && ReferenceEquals(call._owner, features) ? call : null;
    }

    /// <summary>The call, also when something else was put in the place of its endpoint feature. Good for refusing only.</summary>
    public static GuardedCall? Find(HttpContext context)
    {
        var features = context.Features;
        return Of(context) ?? (features.Get<GuardedCall>() is { } call && ReferenceEquals(call._owner, features) ? call : null);
    }

    public void Begin(HttpContext context)
    {
        var features = context.Features;
        _context = context;
        _owner = features;
        _endpoint = _accepted = _acceptedBefore = null;
        _proofs = CallProofs.None;
        _isDecided = IsAnswered = IsGivenUp = IsPreflight = IsPrivate = JudgesConnection = false;
        _answer = GuardedAnswer.None;
        ServerResponse = features.GetRequiredFeature<IHttpResponseFeature>();
        ServerBody = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        features.Set<IEndpointFeature>(this);
        features.Set<IHttpResponseBodyFeature>(this);
        ServerTrailers = features.Get<IHttpResponseTrailersFeature>();
        if (ServerTrailers is not null)
        {
            features.Set<IHttpResponseTrailersFeature>(this);
        }

        features.Set(this);
    }

    public bool Has(Endpoint endpoint, CallProofs proofs) => ReferenceEquals(endpoint, _endpoint) && (_proofs & proofs) == proofs;

    public void ProveListener() => _proofs |= CallProofs.OnListener;

    public void Decided(Verdict<IEndpointDecision> verdict)
    {
        _verdict = verdict;
        _isDecided = true;
        _proofs = verdict.IsAccepted ? _proofs | CallProofs.Accepted : _proofs & ~(CallProofs.Accepted | CallProofs.Admitted);
    }

    /// <summary>The authorization middleware is about to pass the call on.</summary>
    /// <returns>Whether the decision of the current endpoint accepted it.</returns>
    public bool Admit()
    {
        if (_endpoint is null || (_proofs & CallProofs.Accepted) == CallProofs.None)
        {
            return false;
        }

        _proofs |= CallProofs.Admitted;
        Remember(_endpoint);
        return true;
    }

    /// <summary>The gate of an endpoint is about to run it.</summary>
    public void Admit(Endpoint endpoint)
    {
        if (ReferenceEquals(endpoint, _endpoint))
        {
            _proofs |= CallProofs.Accepted | CallProofs.Admitted | CallProofs.OnListener;
        }

        Remember(endpoint);
    }

    /// <summary>Whether a response may start: for the endpoint that is served now, or for the one whose failure is being answered.</summary>
    public bool MayAnswer() =>
        _accepted is not null && (_endpoint is null || ReferenceEquals(_endpoint, _accepted) || ReferenceEquals(_endpoint, _acceptedBefore));

    /// <summary>Fails unless the response that is to start was decided; keeps one that is not for everybody from shared caches.</summary>
    /// <exception cref="RejectionException">It was not.</exception>
    public void RequireDecided()
    {
        if (IsDecided())
        {
            if (IsPrivate && _answer == GuardedAnswer.None)
            {
                PrivateAnswer.Apply(Context.Response.Headers);
            }

            return;
        }

        if (!IsGivenUp)
        {
            IsGivenUp = true;
            AbandonUnsentBytes();
            gates.ReportUndecided(Context);
        }

        // The server gives up the response and what was written to it.
        throw new RejectionException(EndpointGates.Undecided(Context));
    }

    /// <summary>What lies in the server's writer would leave with any other answer, and cannot be taken back.</summary>
    /// <returns>Whether there was something, so that the call is aborted.</returns>
    public bool AbandonUnsentBytes()
    {
        if (!HasUnsentBytes)
        {
            return false;
        }

        Context.Abort();
        return true;
    }

    public void BeginAnswer(GuardedAnswer answer)
    {
        _answer = answer;

        // The last that is registered is the first that is asked: it sees the answer as it was written.
        Context.Response.OnStarting(static state => ((GuardedCall)state).KeepShapeAsync(), this);
    }

    public void EndAnswer()
    {
        // What a middleware makes of the refusal later is no answer to the refusal any more.
        IsAnswered = ServerResponse.HasStarted;
        _answer = GuardedAnswer.None;
    }

    private bool IsDecided() => _answer switch
    {
        GuardedAnswer.Refusal => IsUnchanged(Context.Response),
        GuardedAnswer.Preflight => IsUnchanged(Context.Response) && Preflight.KeepOnlyItsHeaders(Context.Response.Headers),
        _ => Of(Context) is not null && MayAnswer(),
    };

    private bool IsUnchanged(HttpResponse response) => AnswerShape.Of(response) == _shape;

    private void Remember(Endpoint endpoint)
    {
        if (!ReferenceEquals(endpoint, _accepted))
        {
            (_accepted, _acceptedBefore) = (endpoint, _accepted);
            IsPrivate |= endpoint.Metadata.GetMetadata<IEndpointDecision>() is not AllowPublicAttribute;
        }
    }

    void IHttpResponseBodyFeature.DisableBuffering() => ServerBody.DisableBuffering();

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => ServerBody.StartAsync(cancellationToken);

    Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        ServerBody.SendFileAsync(path, offset, count, cancellationToken);

    Task IHttpResponseBodyFeature.CompleteAsync() => ServerBody.CompleteAsync();

    private Task KeepShapeAsync()
    {
        _shape = AnswerShape.Of(Context.Response);
        return Task.CompletedTask;
    }
}
