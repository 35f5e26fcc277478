using System.Reflection;

namespace ZeroTrust.EntityFrameworkCore.Internal;

/// <summary>An assembly and those of the same signer that carry its name on: a provider, and its plugins.</summary>
internal sealed class AssemblyFamily(Assembly root)
{
    private readonly AssemblyName _root = root.GetName();

    internal static AssemblyFamily EntityFramework { get; } = new(typeof(Microsoft.EntityFrameworkCore.DbContext).Assembly);

    internal bool Contains(Assembly assembly)
    {
        if (assembly == root)
        {
            return true;
        }

        var name = assembly.GetName();
        return name.Name?.StartsWith($"{_root.Name}.", StringComparison.Ordinal) == true
            && _root.GetPublicKeyToken() is { Length: > 0 } signer
            && name.GetPublicKeyToken()?.AsSpan().SequenceEqual(signer) == true;
    }
}
