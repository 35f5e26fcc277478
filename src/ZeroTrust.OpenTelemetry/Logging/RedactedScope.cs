using System.Collections;

namespace ZeroTrust.OpenTelemetry.Logging;

/// <summary>
/// The attributes of a scope after redaction. Only <see cref="RedactingScopeProvider"/> makes one and nothing can write to it, so it is clean wherever
/// it is met.
/// </summary>
internal sealed class RedactedScope(KeyValuePair<string, object?>[] attributes) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => attributes.Length;

    public KeyValuePair<string, object?> this[int index] => attributes[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)attributes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
