using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ZeroTrust.AspNetCore.Refusals;

namespace ZeroTrust.AspNetCore.Internal;

/// <summary>
/// The server's trailers, but for the mark of a refused connection where the answer is none: a method of gRPC may let pass the trailers of
/// another server. No callback comes before trailers are sent, so it never gets among them.
/// </summary>
internal sealed class GuardedTrailers(GuardedCall call) : IHeaderDictionary
{
    public int Count => Server.Count;

    public bool IsReadOnly => Server.IsReadOnly;

    public ICollection<string> Keys => Server.Keys;

    public ICollection<StringValues> Values => Server.Values;

    public long? ContentLength
    {
        get => Server.ContentLength;
        set => Server.ContentLength = value;
    }

    private IHeaderDictionary Server => call.ServerTrailers!.Trailers;

    public StringValues this[string key]
    {
        get => Server[key];
        set
        {
            if (IsFree(key))
            {
                Server[key] = value;
            }
        }
    }

    public void Add(string key, StringValues value) => Add(new KeyValuePair<string, StringValues>(key, value));

    public void Add(KeyValuePair<string, StringValues> item)
    {
        if (IsFree(item.Key))
        {
            Server.Add(item);
        }
    }

    /// <summary>Has these alone.</summary>
    public void Replace(IHeaderDictionary trailers)
    {
        if (ReferenceEquals(trailers, this))
        {
            return;
        }

        Clear();
        foreach (var (key, value) in trailers)
        {
            this[key] = value;
        }
    }

    public void Clear() => Server.Clear();

    public bool Contains(KeyValuePair<string, StringValues> item) => Server.Contains(item);

    public bool ContainsKey(string key) => Server.ContainsKey(key);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => Server.CopyTo(array, arrayIndex);

    public bool Remove(string key) => Server.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => Server.Remove(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value) => Server.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => Server.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool IsFree(string key) =>
        call.JudgesConnection || !string.Equals(key, ConnectionRefusal.Mark, StringComparison.OrdinalIgnoreCase);
}
