using System.Runtime.CompilerServices;
using ZeroTrust.Shared;

namespace ZeroTrust.Tests.Support;

/// <summary>Looks at a source that go wrong, as where a mount is gone.</summary>
internal static class FaultyLook
{
    public static void Break(Watch watch, Fault fault)
    {
        ref var look = ref LookOf(watch);
        var works = look;
        look = () =>
        {
            fault.Strike();
            works();
        };
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<look>P")]
    private static extern ref Action LookOf(Watch watch);
}
