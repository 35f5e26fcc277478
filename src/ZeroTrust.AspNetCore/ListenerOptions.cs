namespace ZeroTrust.AspNetCore;

/// <summary>One listener: <c>ZeroTrust:Listeners:{name}</c>.</summary>
public sealed class ListenerOptions
{
    /// <summary>The address, for example <c>https://127.0.0.1:7001</c>; the host is an IP address, <c>localhost</c> or <c>*</c>.</summary>
    /// <value>Required. https on edge, mesh and management; http on probe. Port 0 binds a free port.</value>
    public string Url { get; set; } = string.Empty;

    /// <summary>What the listener is for.</summary>
    /// <value>Required.</value>
    public ListenerRole Role { get; set; }

    /// <summary>The HTTP versions: <c>Http1</c>, <c>Http2</c> or <c>Http1AndHttp2</c>.</summary>
    /// <value>Empty: both on https, <c>Http1</c> on http, where one port cannot speak both. HTTP/3 is refused.</value>
    public string Protocols { get; set; } = string.Empty;

    /// <summary>The workloads admitted, by workload id.</summary>
    /// <value>Required on mesh and management, refused elsewhere.</value>
    public List<string> Peers { get; set; } = [];

    /// <summary>The workloads that may connect as proxies and forward the certificates of clients (RFC 9440).</summary>
    /// <value>Empty: nobody forwards, and the header is stripped. Mesh and management only.</value>
    /// <remarks>
    /// A forwarded client is verified here again and has to be one of <see cref="Peers"/>. That it holds the key of its certificate
    /// is known to the proxy alone: a proxy on this list can speak for every peer of the listener.
    /// </remarks>
    public List<string> ForwardingProxies { get; set; } = [];

    /// <summary>In which headers, and how written, the <see cref="ForwardingProxies"/> of this listener forward certificates.</summary>
    /// <value><see cref="ForwardedCertificateFormat.Rfc9440"/>.</value>
    /// <remarks>What comes in headers of another format is removed, from the proxies too: a listener never reads both.</remarks>
    public ForwardedCertificateFormat ForwardedCertificate { get; set; }

    /// <summary>Further headers in which a proxy in front of this service hands on a client's certificate; a star at the end stands for whatever follows.</summary>
    /// <value>Empty: the built-in families. They cannot be taken out here.</value>
    /// <remarks>What one listener names is removed on every listener: a caller must not choose the one where it passes.</remarks>
    public List<string> CertificateHeaders { get; set; } = [];

    /// <summary>
    /// The addresses and networks (<c>192.0.2.7</c>, <c>10.0.0.0/8</c>) of proxies that begin each connection with a header of the PROXY
    /// protocol, version 1 or 2 (<c>proxy-protocol.txt</c> of haproxy).
    /// </summary>
    /// <value>Empty: no header is read. Neither <c>0.0.0.0/0</c> nor <c>::/0</c>.</value>
    /// <remarks>
    /// From these addresses the header has to come, within <see cref="ClientHelloTimeout"/>, and what it says is the address of the client
    /// for all that follows: they can choose it. From others it is not read. It says nothing of who the client is.
    /// </remarks>
    public List<string> ProxyProtocolFrom { get; set; } = [];

    /// <summary>
    /// Which forwarded headers of a proxy are believed: <c>For</c> (<c>X-Forwarded-For</c>, the remote address), <c>Proto</c> (the scheme)
    /// and <c>Host</c>.
    /// </summary>
    /// <value>Empty: none; these and all of their kind are removed from every request, as they are from everyone who is no proxy.</value>
    /// <remarks>
    /// Of the workloads in <see cref="ForwardingProxies"/> on mesh and management, of the addresses in <see cref="ForwardedHeadersFrom"/>
    /// on edge. The nearest entry alone is read, so the proxy has to write it: by appending its client's address, or by replacing what
    /// the client sent.
    /// </remarks>
    public List<string> ForwardedHeaders { get; set; } = [];

    /// <summary>The addresses and networks of proxies whose <see cref="ForwardedHeaders"/> are believed.</summary>
    /// <value>Empty: nobody's. Edge only; neither <c>0.0.0.0/0</c> nor <c>::/0</c>.</value>
    /// <remarks>
    /// Compared with the address of the connection, or with what the PROXY protocol said of it (<see cref="ProxyProtocolFrom"/>).
    /// </remarks>
    public List<string> ForwardedHeadersFrom { get; set; } = [];

    /// <summary>The hosts that <c>X-Forwarded-Host</c> may hold; <c>*.example.com</c> stands for the names below it.</summary>
    /// <value>Required with <c>Host</c> in <see cref="ForwardedHeaders"/>, and only then. Another host leaves the request's own.</value>
    /// <remarks>
    /// Names without a port, each within the framework's <c>AllowedHosts</c> where those are set, or the host does not start.
    /// </remarks>
    public List<string> ForwardedHosts { get; set; } = [];

    /// <summary>PEM file of an edge listener's own certificate, leaf first, then intermediates.</summary>
    /// <value>Empty: the workload's mTLS credential. Edge only.</value>
    /// <remarks>
    /// Held to what clients ask of a server: current, an alternative name (DNS or IP address), serverAuth and digitalSignature, a key and a signature in
    /// use today. A certificate that is not stops the host at start; later the last good one stays.
    /// </remarks>
    public string CertificateFile { get; set; } = string.Empty;

    /// <summary>PEM file of the private key of <see cref="CertificateFile"/>.</summary>
    /// <value>Required with <see cref="CertificateFile"/>. The group may read it; a file that others may use, or the group may write, is refused.</value>
    public string KeyFile { get; set; } = string.Empty;

    /// <summary>How long a TLS handshake may take.</summary>
    /// <value>10 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to send its ClientHello, the first message of a handshake.</summary>
    /// <value>5 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan ClientHelloTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many TLS handshakes are computed at once. A connection counts from its ClientHello on; one that is silent does not.</summary>
    /// <value>256; from 1 to 10,000.</value>
    /// <remarks>Others wait, at most <see cref="HandshakeTimeout"/>. A peer that keeps its handshake waiting gives way to them.</remarks>
    public int MaxConcurrentHandshakes { get; set; } = 256;

    /// <summary>How many connections may be open whose handshake is not computed yet; one more closes another.</summary>
    /// <value>
    /// 1,024; from 1 to 100,000. As many again may wait for the header of <see cref="ProxyProtocolFrom"/>, on probe these alone.
    /// </value>
    /// <remarks>What gives way is the oldest of an address that holds more than a share or lately left a handshake unfinished, else the oldest of all.</remarks>
    public int MaxPendingConnections { get; set; } = 1024;

    /// <summary>How many connections may be open at once, handshakes not counted; one more closes another.</summary>
    /// <value>Null: 256 on probe, 10,000 elsewhere. From 1 to 100,000.</value>
    /// <remarks>
    /// What gives way is an idle connection, else the oldest, of the peer that holds most; of the address where peers are not verified. So no peer keeps
    /// another out by the number of its connections.
    /// </remarks>
    public int? MaxConnections { get; set; }

    /// <summary>Whether peers may resume their TLS sessions (RFC 8446 section 2.2). Each resumption is verified again in full.</summary>
    /// <value>False. Mesh and management only.</value>
    /// <remarks>It saves half of a handshake. Connections of HTTP/2 live long, so there is seldom a need.</remarks>
    public bool AllowResumption { get; set; }

    /// <summary>Within which time connections move to new ones after a rotation of the own certificate or of the anchors.</summary>
    /// <value>30 seconds; from 0 to 10 minutes. Mesh and management only. Each connection takes a random part of it.</value>
    /// <remarks>Keep the former anchors trusted for longer than this, or peers with former certificates are cut off instead.</remarks>
    public TimeSpan RotationDrain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether each served call is written as the event <c>CallServed</c>: workload, tenant, subject, route, decision and status.
    /// </summary>
    /// <value>False. Refused calls are written either way.</value>
    /// <remarks>
    /// One event for each call, without a limit: choose the listeners whose callers are known, and a log that takes as many. The subject
    /// is personal data and stands under <c>enduser.id</c>, which redaction erases from what is exported unless a rule says otherwise.
    /// </remarks>
    public bool AuditServedCalls { get; set; }
}
