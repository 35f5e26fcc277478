using Microsoft.Win32.SafeHandles;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Sources;

/// <summary>Files that are named in the options of mutual TLS.</summary>
internal static class MtlsFile
{
    public static WatchedFile At(string configurationPath, string? path) => new(typeof(MtlsOptions), configurationPath, path);

    public static WatchedFile At(string configurationPath, string? path, MtlsDangers? dangers) =>
        At(configurationPath, path) with { Owners = dangers?.FileOwners ?? [] };

    /// <summary>One that holds a private key.</summary>
    public static WatchedFile Secret(string configurationPath, string? path, MtlsDangers? dangers) => At(configurationPath, path, dangers) with
    {
        FaultOf = dangers is { AllowsExposedKeyFile: true } ? null : static (SafeFileHandle file, string? name) => KeyFileMode.FaultOf(file, name),
        MayBeAnybodys = dangers is { AllowsExposedKeyFile: true },
    };
}
