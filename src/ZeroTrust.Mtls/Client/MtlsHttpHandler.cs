namespace ZeroTrust.Mtls.Client;

/// <summary>The primary handler of a client bound to one server: https only, no redirect, no proxy, no cookies.</summary>
/// <remarks>
/// Its inner handler sends nothing. It is there to be found by a load balancer of gRPC, which leaves its way to connect with it; every
/// generation asks there.
/// </remarks>
internal sealed class MtlsHttpHandler : DelegatingHandler
{
    private readonly HandlerParts _parts;

    public MtlsHttpHandler(HandlerParts parts)
        : this(parts, MtlsSockets.Create(parts.Options))
    {
    }

    private MtlsHttpHandler(HandlerParts parts, SocketsHttpHandler template)
        : base(template)
    {
        _parts = parts;
        Generations = new HandlerGenerations(parts, template);
    }

    internal HandlerGenerations Generations { get; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireHttps(request);
        return SendCoreAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequireHttps(request);
        for (var mayRetry = true; ; mayRetry = false)
        {
            var generation = Generations.Rent();
            try
            {
                using var sent = SentCall.Begin(request, _parts.Server, _parts.Audit);
                var response = generation.Invoker.Send(request, cancellationToken);
                return RefusedConnection.Is(request, response) ? Told(request, response) : RefusedConnection.Unmarked(response);
            }
            catch (HttpRequestException exception) when (mayRetry && IsWorthRetrying(generation, request, exception, cancellationToken))
            {
                _parts.Audit.Repeated(_parts.Server, "rotation");
            }
            catch (HttpRequestException exception)
            {
                throw Told(request, exception);
            }
            finally
            {
                generation.Return();
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Generations.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void RequireHttps(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri || uri.Scheme != Uri.UriSchemeHttps)
        {
            throw new InvalidOperationException("A client bound by AddMtls sends https only.");
        }
    }

    private Exception Told(HttpRequestMessage request, HttpRequestException exception) =>
        CallFailures.Told(request, exception, exception.InnerException is null ? Generations.FindMadeFor(request) : null);

    // A call of gRPC keeps the status that the server gave; the refusal is its cause where the package for it is there.
    private async Task<HttpResponseMessage> TellAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var isGrpc = GrpcAnswer.Fits(request);
        var refused = isGrpc
            ? RefusedConnection.Read(response, _parts)
            : await RefusedConnection.ReadAsync(response, _parts, cancellationToken).ConfigureAwait(false);
        Report(request, refused);
        if (isGrpc && Mapped(request, refused) is null)
        {
            return RefusedConnection.Unmarked(response);
        }

        response.Dispose();
        throw refused;
    }

    private HttpResponseMessage Told(HttpRequestMessage request, HttpResponseMessage response)
    {
        using (response)
        {
            var refused = RefusedConnection.Read(response, _parts);
            Report(request, refused);
            throw refused;
        }
    }

    private void Report(HttpRequestMessage request, RejectionException refused) =>
        _parts.Audit.Unanswered(_parts.Server, request.RequestUri!.IdnHost, refused.Rejection);

    // In the words of its protocol: by an exception where its package is there, else by an answer.
    private HttpResponseMessage? Answer(HttpRequestMessage request, RejectionException refused)
    {
        if (Mapped(request, refused) is { } exception)
        {
            throw exception;
        }

        return GrpcAnswer.Fits(request) ? GrpcAnswer.To(request, refused.Rejection) : null;
    }

    private Exception? Mapped(HttpRequestMessage request, RejectionException refused)
    {
        foreach (var mapper in _parts.Mappers)
        {
            if (mapper.Map(request, refused) is { } exception)
            {
                return exception;
            }
        }

        return null;
    }

    private bool IsWorthRetrying(
        HandlerGeneration generation, HttpRequestMessage request, HttpRequestException exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && SafeRetry.Applies(request, exception) && Generations.IsSuperseded(generation);

    private async Task<HttpResponseMessage> SendCoreAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var mayRetry = true; ; mayRetry = false)
        {
            HandlerGeneration? generation = null;
            try
            {
                generation = Generations.Rent();
                using var sent = SentCall.Begin(request, _parts.Server, _parts.Audit);
                var response = await generation.Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
                return RefusedConnection.Is(request, response)
                    ? await TellAsync(request, response, cancellationToken).ConfigureAwait(false)
                    : RefusedConnection.Unmarked(response);
            }
            catch (HttpRequestException exception) when (mayRetry && IsWorthRetrying(generation!, request, exception, cancellationToken))
            {
                _parts.Audit.Repeated(_parts.Server, "rotation");
            }
            catch (HttpRequestException exception)
            {
                var told = Told(request, exception);
                return told is RejectionException refused ? Answer(request, refused) ?? throw told : throw told;
            }
            catch (RejectionException refused)
            {
                if (Answer(request, refused) is { } answer)
                {
                    return answer;
                }

                throw;
            }
            catch (OperationCanceledException exception) when (
                exception.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested && GrpcAnswer.Fits(request))
            {
                throw CallFailures.TimedOut(exception);
            }
            finally
            {
                generation?.Return();
            }
        }
    }
}
