using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Says why TLS itself ended a handshake, by what the peer offered: the platform says nothing that could be told to an operator.</summary>
internal static class FailedHandshakes
{
    private const string Code = "mtls.handshake_invalid";
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;

    public static Rejection Explain(ClientOffer offer, ListenerPlan plan, TimeSpan elapsed) => offer.First switch
    {
        FirstBytes.PlainHttp or FirstBytes.PlainHttp2 => Refuse("The peer spoke plain HTTP to a port of TLS.", Versions(plan), "plain HTTP"),
        FirstBytes.ProxyHeader => Refuse("The peer began with a header of the PROXY protocol, which is not read here.", Versions(plan), "PROXY protocol"),
        FirstBytes.Ssl2Hello => Refuse("The peer began with a hello of SSL 2.0.", Versions(plan), "SSL 2.0"),
        FirstBytes.OtherRecord => Refuse("The peer began with a TLS record that is no ClientHello.", Versions(plan), FirstByte(offer)),
        FirstBytes.Other => Refuse("The peer began with bytes that are no TLS.", Versions(plan), FirstByte(offer)),
        FirstBytes.ClientHello => ExplainOffer(offer, plan, elapsed),
        _ => ExplainEnd(plan, elapsed, "a ClientHello in parts"),
    };

    private static Rejection ExplainOffer(ClientOffer offer, ListenerPlan plan, TimeSpan elapsed)
    {
        var lowest = plan.Tls12Reason is null ? Tls13 : Tls12;
        if (offer.Version < lowest)
        {
            return Refuse("The peer offers no version of TLS that this listener speaks.", Versions(plan), NameOf(offer.Version) + " at most");
        }

        if (offer.Version >= Tls13 && lowest == Tls13 && !offer.HasSuite13)
        {
            return Refuse("The peer offers no cipher suite of TLS 1.3 that is known here.", "TLS_AES_* or TLS_CHACHA20_*", "others");
        }

        if (offer.LacksGroups)
        {
            return Refuse("The peer offers no group for the key exchange that is known here.", "x25519, secp256r1 or their like", "others");
        }

        return offer.HasAlpn && !Speaks(offer, plan.Protocols)
            ? Refuse("The peer offers no application protocol that this listener serves (RFC 7301).", ProtocolsOf(plan), "others")
            : ExplainEnd(plan, elapsed, NameOf(offer.Version));
    }

    private static Rejection ExplainEnd(ListenerPlan plan, TimeSpan elapsed, string offered) => elapsed >= plan.HandshakeTimeout
        ? Refuse(
            string.Create(CultureInfo.InvariantCulture, $"The handshake was not done within {plan.HandshakeTimeout}."), Versions(plan), offered)
        : Refuse(
            "The handshake ended before it was done: the peer left or refused this listener's certificate, or the two have no signature algorithm in common.",
            Versions(plan),
            offered);

    private static bool Speaks(ClientOffer offer, HttpProtocols protocols) =>
        (offer.HasHttp2 && protocols.HasFlag(HttpProtocols.Http2)) || (offer.HasHttp11 && protocols.HasFlag(HttpProtocols.Http1));

    private static string ProtocolsOf(ListenerPlan plan) => plan.Protocols switch
    {
        HttpProtocols.Http1 => "http/1.1",
        HttpProtocols.Http2 => "h2",
        _ => "h2 or http/1.1",
    };

    private static string Versions(ListenerPlan plan) => plan.Tls12Reason is null ? "TLS 1.3" : "TLS 1.3 or 1.2";

    private static string FirstByte(ClientOffer offer) => string.Create(CultureInfo.InvariantCulture, $"a first byte of 0x{offer.FirstByte:x2}");

    private static string NameOf(ushort version) => version switch
    {
        Tls13 => "TLS 1.3",
        Tls12 => "TLS 1.2",
        0x0302 => "TLS 1.1",
        0x0301 => "TLS 1.0",
        0x0300 => "SSL 3.0",
        _ => string.Create(CultureInfo.InvariantCulture, $"version 0x{version:x4}"),
    };

    private static Rejection Refuse(string detail, string expected, string presented) =>
        new(Code, detail, RejectionKind.Unauthenticated) { Expected = expected, Presented = presented };
}
