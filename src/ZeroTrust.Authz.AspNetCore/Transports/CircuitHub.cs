using System.Collections.Frozen;

namespace ZeroTrust.Authz.AspNetCore.Transports;

/// <summary>The hub of Blazor Server, whose type the framework keeps to itself, and its methods.</summary>
internal static class CircuitHub
{
    public const string TypeName = "Microsoft.AspNetCore.Components.Server.ComponentHub";
    public const string Start = "StartCircuit";
    public const string Connect = "ConnectCircuit";
    public const string Resume = "ResumeCircuit";

    /// <summary>The methods that act on the circuit of the connection and name no other.</summary>
    public static readonly FrozenSet<string> OfConnection = FrozenSet.Create(
        StringComparer.Ordinal,
        "UpdateRootComponents",
        "PauseCircuit",
        "BeginInvokeDotNetFromJS",
        "EndInvokeJSFromDotNet",
        "ReceiveByteArray",
        "ReceiveJSDataChunk",
        "SendDotNetStreamToJS",
        "OnRenderCompleted",
        "OnLocationChanged",
        "OnLocationChanging");

    public static bool Is(Type hub) => string.Equals(hub.FullName, TypeName, StringComparison.Ordinal);
}
