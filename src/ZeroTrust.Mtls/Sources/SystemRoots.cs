using System.Security.Cryptography.X509Certificates;

namespace ZeroTrust.Mtls.Sources;

/// <summary>The roots the host's administrator, or the image, trusts for the public web.</summary>
internal static class SystemRoots
{
    public static X509Certificate2Collection Read()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
        return store.Certificates;
    }
}
