using ZeroTrust.PeerTests.Service;

namespace ZeroTrust.PeerTests;

/// <summary>A client that nobody here wrote, and how it is started.</summary>
/// <param name="Name">As its users know it.</param>
/// <param name="Program">The program.</param>
/// <param name="Before">Arguments before the mode.</param>
/// <param name="Kind">The argument behind the mode.</param>
/// <param name="Needs">What is looked for before it is started; a path, or null.</param>
internal sealed record ForeignClient(string Name, string Program, string[] Before, string Kind, string? Needs = null)
{
    private const string Java17 = "/usr/lib/jvm/java-17-openjdk-amd64/bin/java";
    private const string Java25 = "/usr/lib/jvm/temurin-25-jdk-amd64/bin/java";
    private const string Python = "/usr/bin/python3";

    /// <summary>Where <c>npm ci</c> of Clients/package.json has put the packages.</summary>
    public static string NodeModules { get; } = Environment.GetEnvironmentVariable("ZEROTRUST_NODE_MODULES") is { Length: > 0 } named
        ? named
        : Path.Combine(Root(), "artifacts", "foreign-clients", "node_modules");

    /// <summary>Those that can call again and again in one process.</summary>
    public static IReadOnlyList<ForeignClient> Lasting { get; } =
    [
        new("Python http.client", Python, [Script("python_http.py")], "http.client"),
        new("Python requests", Python, [Script("python_http.py")], "requests", "/usr/lib/python3/dist-packages/requests"),
        new("grpcio", Python, [Script("grpcio.py")], "unary", "/usr/lib/python3/dist-packages/grpc"),
        new("Node https", "node", [Script("node_client.cjs")], "https"),
        new("Node http2", "node", [Script("node_client.cjs")], "http2"),
        new("undici", "node", [Script("node_client.cjs")], "undici", Path.Combine(NodeModules, "undici")),
        new("grpc-js", "node", [Script("node_client.cjs")], "grpc-js", Path.Combine(NodeModules, "@grpc", "grpc-js")),
        new("Java 17 HTTP/1.1", Java17, [Script("JavaClient.java")], "HTTP_1_1", Java17),
        new("Java 17 HTTP/2", Java17, [Script("JavaClient.java")], "HTTP_2", Java17),
        new("Java 25 HTTP/2", Java25, [Script("JavaClient.java")], "HTTP_2", Java25),
    ];

    /// <summary>Those of the command line, which make one call.</summary>
    public static IReadOnlyList<ForeignClient> Single { get; } =
    [
        new("curl HTTP/1.1", "curl", ["--http1.1"], string.Empty),
        new("curl HTTP/2", "curl", ["--http2"], string.Empty),
        new("nghttp", "nghttp", [], string.Empty),
        new("openssl s_client", "openssl", ["s_client"], string.Empty),
    ];

    public static ForeignClient Named(string name) => Lasting.Concat(Single).Single(client => client.Name == name);

    /// <summary>Why it cannot be started here; null when it can.</summary>
    public string? Missing()
    {
        if (Needs is not null && !Path.Exists(Needs))
        {
            return $"{Needs} is not there.";
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':');
        return Path.Exists(Program) || folders.Any(folder => File.Exists(Path.Combine(folder, Program))) ? null : $"{Program} is not installed.";
    }

    public IEnumerable<string> ArgumentsOf(string mode, Uri address, ClientFiles files)
    {
        var url = address.GetLeftPart(UriPartial.Authority);
        return Program switch
        {
            "curl" => [.. Before, "-sS", "--max-time", "20", "--cacert", files.AnchorFile, "-w", " %{http_code}", "-d", "x", .. Pair("--cert", "--key"), url + "/echo"],
            "nghttp" => ["-v", "-t", "20s", .. Pair("--cert=", "--key=", joined: true), url + "/echo"],
            "openssl" => [.. Before, "-connect", address.Authority, "-CAfile", files.AnchorFile, "-quiet", "-alpn", "http/1.1", .. Pair("-cert", "-key"), .. Chain()],
            _ => [.. Before, mode, Kind, url, files.AnchorFile, .. files.CertificateFile is { } certificate ? [certificate, files.KeyFile!] : Array.Empty<string>()],
        };

        string[] Pair(string certificate, string key, bool joined = false) => files.CertificateFile is null
            ? []
            : joined ? [certificate + files.CertificateFile, key + files.KeyFile] : [certificate, files.CertificateFile, key, files.KeyFile!];

        string[] Chain() => files.CertificateFile is null ? [] : ["-cert_chain", files.CertificateFile];
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Clients", name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ZeroTrust.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
