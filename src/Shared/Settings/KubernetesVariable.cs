namespace ZeroTrust.Shared;

/// <summary>The variables that Kubernetes sets in each container for the services of the namespace, whatever they are named.</summary>
internal static class KubernetesVariable
{
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

    /// <summary>
    /// Whether it is one: <c>…_SERVICE_HOST</c>, <c>…_SERVICE_PORT</c>, <c>…_SERVICE_PORT_{PORT NAME}</c>, <c>…_PORT</c>,
    /// <c>…_PORT_443_TCP</c> and <c>…_PORT_443_TCP_ADDR</c>, in capitals.
    /// </summary>
    public static bool Is(string key) =>
        !key.Any(char.IsAsciiLetterLower)
        && key.Split('_') is var parts
        && (parts is [_, .., "SERVICE", "HOST"] or [_, .., "PORT"]
            || key.Contains("_SERVICE_PORT_", StringComparison.Ordinal)
            || parts is [_, .., "PORT", var bare, var plain] && IsPort(bare, plain)
            || parts is [_, .., "PORT", var number, var protocol, "PROTO" or "PORT" or "ADDR"] && IsPort(number, protocol));

    private static bool IsPort(string number, string protocol) =>
        number.Length > 0 && number.All(char.IsAsciiDigit) && Protocols.Contains(protocol, StringComparer.Ordinal);
}
