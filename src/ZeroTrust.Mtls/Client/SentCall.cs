using System.Text;

namespace ZeroTrust.Mtls.Client;

/// <summary>
/// One call below <see cref="MtlsHttpHandler"/>, as its connections see it. The platform sends a call again whose connection ended before
/// any answer, on its own account and whatever the method (dotnet/runtime#86714); one that is not idempotent is stopped here, and one whose
/// connection never answered anything, which tells nothing of connections that were kept too long.
/// </summary>
/// <remarks>
/// Two lines of defence. The platform repeats over HTTP/1.1 only what has no content, or waits for <c>100 (Continue)</c> before it: a
/// call that is not idempotent gets an empty content for the time it is sent, which says what the platform says without one, a
/// <c>Content-Length</c> of 0. And the connection that is to write a call asks here first: requests are written in the flow of their
/// caller.
/// Over HTTP/2 the platform repeats what the server did not process, by its own word (RFC 9113 section 8.7).
/// </remarks>
internal sealed class SentCall
{
    private static readonly AsyncLocal<SentCall?> Flow = new();

    private readonly HttpMethod _method;
    private readonly WorkloadId _server;
    private readonly ServerAudit _audit;
    private ServerStream? _stream;

    private SentCall(HttpMethod method, WorkloadId server, ServerAudit audit)
    {
        _method = method;
        _server = server;
        _audit = audit;
    }

    /// <summary>
    /// The call whose bytes this flow of execution writes; null outside of one, and of a call that only HTTP/2 can carry.
    /// </summary>
    public static SentCall? Current => Flow.Value;

    /// <summary>Begins to send a call once. The message is as it was when the scope is disposed.</summary>
    public static Scope Begin(HttpRequestMessage request, WorkloadId server, ServerAudit audit)
    {
        HttpContent? lent = null;
        if (request.Content is null && IsSentOnce(request.Method) && TakesContent(request))
        {
            request.Content = lent = new ByteArrayContent([]);
        }

        var before = Flow.Value;
        var mayBeHttp11 = request.Version.Major < 2 || request.VersionPolicy == HttpVersionPolicy.RequestVersionOrLower;
        if (mayBeHttp11 || before is not null)
        {
            Flow.Value = mayBeHttp11 ? new SentCall(request.Method, server, audit) : null;
        }

        return new Scope(request, lent, before);
    }

    /// <summary>Takes note that a connection is about to be written to.</summary>
    /// <exception cref="HttpIOException">It would be the second one that a call goes out on which may go out once.</exception>
    public void Writing(ServerStream stream, ReadOnlySpan<byte> bytes)
    {
        if (ReferenceEquals(_stream, stream) || !IsHead(bytes))
        {
            return;
        }

        if (_stream is not null)
        {
            if (IsSentOnce(_method))
            {
                throw new HttpIOException(
                    HttpRequestError.ResponseEnded,
                    "The connection ended before any answer. Whether the server executed the call is not known: it is not idempotent, "
                        + "and was sent once.");
            }

            if (!_stream.IsAnswered)
            {
                throw new HttpIOException(
                    HttpRequestError.ResponseEnded,
                    "The connection ended before any answer, to this call or to an earlier one. It is not sent again.");
            }

            _audit.Repeated(_server, "connection");
        }

        _stream = stream;
    }

    private static bool IsSentOnce(HttpMethod method) => !SafeRetry.IsIdempotent(method);

    // CONNECT opens a WebSocket over HTTP/2; of chunks without content the platform makes an error; before a content it waits for 100
    // (Continue).
    private static bool TakesContent(HttpRequestMessage request) =>
        request.Method != HttpMethod.Connect && request.Headers.TransferEncodingChunked != true && request.Headers.ExpectContinue != true;

    // What else this flow may write, such as a content that is made of a WebSocket's messages, is no request.
    private bool IsHead(ReadOnlySpan<byte> bytes)
    {
        var method = _method.Method;
        return bytes.Length > method.Length && bytes[method.Length] == (byte)' ' && Ascii.EqualsIgnoreCase(bytes[..method.Length], method);
    }

    /// <summary>The time in which a call is sent.</summary>
    public readonly struct Scope(HttpRequestMessage request, HttpContent? lent, SentCall? before) : IDisposable
    {
        public void Dispose()
        {
            if (!ReferenceEquals(Flow.Value, before))
            {
                Flow.Value = before;
            }

            if (lent is null)
            {
                return;
            }

            try
            {
                request.Content = null;
            }
            catch (ObjectDisposedException)
            {
                // By the caller, who did not wait for the answer.
            }
        }
    }
}
