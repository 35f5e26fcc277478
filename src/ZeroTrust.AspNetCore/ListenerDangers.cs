using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore;

/// <summary>The checks of listeners that code may weaken. Each needs a reason.</summary>
/// <remarks>
/// Configuration cannot reach them. Each is logged as a warning at start, counted by <c>zerotrust.weakenings</c> and registered as a
/// <see cref="Weakening"/>.
/// </remarks>
public sealed class ListenerDangers
{
    internal const string Prefix = "aspnetcore.";

    private readonly IServiceCollection _services;
    private readonly HashSet<string> _certificateHeaders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _forwardedHeaders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tls12 = new(StringComparer.OrdinalIgnoreCase);

    internal ListenerDangers(IServiceCollection services) => _services = services;

    internal IReadOnlyCollection<string> CertificateHeaders => _certificateHeaders;

    internal IReadOnlyCollection<string> ForwardedHeaders => _forwardedHeaders;

    internal IReadOnlyDictionary<string, string> Tls12 => _tls12;

    /// <summary>
    /// Lets one listener speak TLS 1.2 beside 1.3, with ephemeral keys and authenticated encryption alone. Certificates then pass in the
    /// clear, and an attacker on the way sees who calls.
    /// </summary>
    /// <param name="listener">The listener's name. It has no <see cref="ListenerOptions.AllowResumption"/>.</param>
    /// <param name="reason">Why this is acceptable, for example which client cannot be renewed before when.</param>
    /// <exception cref="ArgumentException">There is no name or no reason.</exception>
    /// <remarks>All else stays: the certificate of a client, its verification, no renegotiation, no resumption.</remarks>
    public ListenerDangers AllowTls12(string listener, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(listener);
        Register($"{Prefix}tls12:{listener}", reason);
        _tls12[listener] = reason;
        return this;
    }

    /// <summary>Leaves one header where it is that carries a client's certificate: anybody who reaches the service can write it.</summary>
    /// <param name="name">The header's whole name; its other spellings with it. Those of RFC 9440, which are read, are none.</param>
    /// <param name="reason">Why this is acceptable, for example that the application reads it as what a stranger says.</param>
    /// <exception cref="ArgumentException">There is no name or no reason, or the name is one of RFC 9440.</exception>
    public ListenerDangers AllowCertificateHeader(string name, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var spelled = HeaderSpelling.Of(name);
        if (spelled is CertificateHeaderFamilies.Leaf or CertificateHeaderFamilies.Chain || spelled.EndsWith('*'))
        {
            throw new ArgumentException("One header, and none of RFC 9440.", nameof(name));
        }

        Register($"{Prefix}certificate_header:{spelled}", reason);
        _certificateHeaders.Add(spelled);
        return this;
    }

    /// <summary>
    /// Leaves one header where it is in which proxies say where a client comes from or what it asked for: anybody who reaches the service
    /// can write it.
    /// </summary>
    /// <param name="name">The header's whole name; its other spellings with it. Those that <see cref="ListenerOptions.ForwardedHeaders"/>
    /// names are none.</param>
    /// <param name="reason">Why this is acceptable, for example that the application reads it as what a stranger says.</param>
    /// <exception cref="ArgumentException">There is no name or no reason, or the name is one of a setting.</exception>
    public ListenerDangers AllowForwardedHeader(string name, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var spelled = HeaderSpelling.Of(name);
        if (spelled.EndsWith('*')
            || spelled is Proxies.ForwardedHeaders.For or Proxies.ForwardedHeaders.Proto or Proxies.ForwardedHeaders.Host)
        {
            throw new ArgumentException("One header, and none that ForwardedHeaders of a listener names.", nameof(name));
        }

        Register($"{Prefix}forwarded_header:{spelled}", reason);
        _forwardedHeaders.Add(spelled);
        return this;
    }

    private void Register(string name, string reason) => _services.AddSingleton(new Weakening(name, reason));
}
