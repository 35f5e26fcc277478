using System.Security.Authentication;
using ZeroTrust.Mtls.Internal;

namespace ZeroTrust.Mtls.Client;

/// <summary>What is known where TLS, or the server behind it, ends a connection before an answer.</summary>
internal static class HandshakeFailures
{
    private const int ProtocolVersion = 70;
    private const int NoApplicationProtocol = 120;

    /// <summary>The refusal that a handshake ended with.</summary>
    /// <returns>Null for an outage: the connection ended, or something at the server is broken.</returns>
    public static Rejection? Of(PeerClientHandshake handshake, Exception exception)
    {
        if (exception is not (AuthenticationException or RejectionException))
        {
            return null;
        }

        if (handshake.Verdict.Rejection is { } rejection && !ReferenceEquals(rejection, Rejection.NotEvaluated))
        {
            return rejection;
        }

        return exception is not AuthenticationException ? null : TlsAlert.In(exception) switch
        {
            { } alert when TlsAlert.IsOfTheCertificate(alert) => RefusedByServer(handshake, alert, exception).Rejection,
            { } alert when TlsAlert.IsOfAnOutage(alert) => null,
            ProtocolVersion => Invalid(
                "The server speaks no version of TLS that is allowed here: 1.3, unless code says otherwise.", exception),
            { } alert => Invalid($"The server ended the handshake with the alert {alert}.", exception),
            null => Invalid("What answered is not TLS, or broke it: look for a plain HTTP server, or a proxy in between.", exception),
        };
    }

    /// <summary>Whether the server has said that it speaks none of the application protocols that it was offered.</summary>
    public static bool IsOfTheApplicationProtocol(Exception exception) =>
        exception is AuthenticationException && TlsAlert.In(exception) == NoApplicationProtocol;

    /// <summary>The server's TLS named the certificate of this workload as the fault.</summary>
    public static UnansweredException RefusedByServer(PeerClientHandshake handshake, int alert, Exception? cause)
    {
        var message = $"The server refused {Certificate(handshake)}, with the TLS alert {alert}.";
        return new(message, Refuse(MtlsRejectionReason.RefusedByServer, message, cause, handshake), cause);
    }

    /// <summary>The server closed the connection, and said no more.</summary>
    public static UnansweredException ClosedAfterHandshake(PeerClientHandshake handshake, Exception? cause)
    {
        var message = $"The server closed the connection right after the handshake: it may have refused {Certificate(handshake)}.";
        return new(message, Refuse(MtlsRejectionReason.ClosedAfterHandshake, message, cause, handshake), cause);
    }

    private static string Certificate(PeerClientHandshake handshake) => handshake.SendsCertificate
        ? $"this workload's certificate ({handshake.Credential.Workload})"
        : "that this client sends it no certificate";

    private static Rejection Refuse(MtlsRejectionReason reason, string message, Exception? cause, PeerClientHandshake handshake) =>
        MtlsRejections.Refuse(
            reason,
            $"{message} {Words(cause)}".TrimEnd(),
            presented: handshake.SendsCertificate ? handshake.Credential.Workload.ToString() : null).ToOutbound();

    private static Rejection Invalid(string message, Exception exception) =>
        MtlsRejections.Refuse(MtlsRejectionReason.HandshakeInvalid, $"{message} {Words(exception)}").ToOutbound();

    // The platform's outer exceptions say no more than that it failed.
    private static string Words(Exception? exception)
    {
        while (exception?.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception?.Message ?? string.Empty;
    }
}
