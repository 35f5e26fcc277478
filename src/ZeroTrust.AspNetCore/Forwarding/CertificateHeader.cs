namespace ZeroTrust.AspNetCore.Forwarding;

/// <summary>Tells the headers that carry a client's certificate from all others, in any spelling a server or proxy may equate.</summary>
internal static class CertificateHeader
{
    public const string Leaf = "client-cert";
    public const string Chain = "client-cert-chain";

    private const string OtherAmazon = "x-amzn-mtls-*";
    private const int LongestName = 32;

    /// <summary>The canonical, lower-case name (a closed set, safe as a metric attribute), or null for a header of no concern.</summary>
    public static string? Recognize(string name)
    {
        if (name.Length == 0 || (name[0] | 0x20) is not ('c' or 's' or 'x'))
        {
            return null;
        }

        Span<char> buffer = stackalloc char[LongestName];
        var length = name.AsSpan(0, Math.Min(name.Length, LongestName)).ToLowerInvariant(buffer);
        var spelled = buffer[..length];
        spelled.Replace('_', '-');
        return spelled switch
        {
            Leaf => Leaf,
            Chain => Chain,
            "x-forwarded-client-cert" => "x-forwarded-client-cert",
            "x-client-cert" => "x-client-cert",
            "x-ssl-client-cert" => "x-ssl-client-cert",
            "ssl-client-cert" => "ssl-client-cert",
            "x-ssl-cert" => "x-ssl-cert",
            "x-arr-clientcert" => "x-arr-clientcert",
            _ => spelled.StartsWith("x-amzn-mtls-") ? OtherAmazon : null,
        };
    }
}
