namespace ZeroTrust.Authz.AspNetCore.Internal;

/// <summary>The provider that singletons are made of; being one itself, it is handed that provider.</summary>
internal sealed class RootServices(IServiceProvider root)
{
    public bool Is(IServiceProvider provider) => ReferenceEquals(root, provider);
}
