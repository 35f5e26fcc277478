namespace ZeroTrust.Mtls.Client;

/// <summary>The alert of a server (RFC 8446 section 6) in what the platform threw.</summary>
internal static class TlsAlert
{
    private const int LibraryOfTls = 20;

    // SSL_AD_REASON_OFFSET of openssl/ssl.h: an alert that was received is an error with this and its number.
    private const int ReasonOfAlerts = 1000;

    /// <summary>Finds the number of the alert.</summary>
    /// <returns>The number; null where there was none, or TLS is not OpenSSL's.</returns>
    public static int? In(Exception? exception)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        for (; exception is not null; exception = exception.InnerException)
        {
            if (ReasonOf((uint)exception.HResult) is > ReasonOfAlerts and < ReasonOfAlerts + 256 and var reason)
            {
                return reason - ReasonOfAlerts;
            }
        }

        return null;
    }

    /// <summary>Whether an alert says that the client's certificate is the fault, or its absence.</summary>
    public static bool IsOfTheCertificate(int alert) => alert
        is 42 // bad_certificate
        or 43 // unsupported_certificate
        or 44 // certificate_revoked
        or 45 // certificate_expired
        or 46 // certificate_unknown
        or 48 // unknown_ca
        or 49 // access_denied
        or 116; // certificate_required

    /// <summary>Whether an alert says that something at the server is broken, rather than that the two do not fit.</summary>
    public static bool IsOfAnOutage(int alert) => alert is 80 or 90; // internal_error, user_canceled

    // ERR_GET_LIB and ERR_GET_REASON: of OpenSSL 3 and of 1.1.
    private static int ReasonOf(uint code) => code >> 23 == LibraryOfTls || code >> 24 == LibraryOfTls ? (int)(code & 0xFFF) : 0;
}
