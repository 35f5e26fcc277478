namespace ZeroTrust.Testing;

/// <summary>One export as it came over the wire.</summary>
public sealed class OtlpRequest
{
    internal OtlpRequest(string path, byte[] body)
    {
        Path = path;
        Body = body;
    }

    /// <summary>The path it was posted to, for example <c>/v1/logs</c>.</summary>
    public string Path { get; }

    /// <summary>The body, unparsed: search it for what must not leave a service.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Whether the body holds this text as UTF-8, anywhere and in any field.</summary>
    /// <param name="text">The text.</param>
    public bool Contains(string text) => Body.Span.IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
}
