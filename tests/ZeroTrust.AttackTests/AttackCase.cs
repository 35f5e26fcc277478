namespace ZeroTrust.AttackTests;

/// <summary>One attack: on which listener, in which way, with how many sockets from how many addresses.</summary>
internal sealed record AttackCase(string Listener, AttackKind Kind, int Sockets, int Addresses)
{
    public static IReadOnlyList<AttackCase> Short { get; } =
    [
        new("mesh", AttackKind.Silent, 520, 1),
        new("edge", AttackKind.Replay, 520, 250),
        new("mesh", AttackKind.Refused, 16, 1),
        new("mesh", AttackKind.RefusedStreams, 16, 1),
        new("mesh", AttackKind.RefusedIdle, 520, 1),
    ];

    public static IReadOnlyList<AttackCase> Full { get; } =
    [
        .. from kind in new[] { AttackKind.Silent, AttackKind.Drip, AttackKind.Replay }
           from sockets in new[] { 520, 10_000 }
           from addresses in new[] { 1, 250 }
           from listener in new[] { "mesh", "edge" }
           select new AttackCase(listener, kind, sockets, addresses),
        .. from sockets in new[] { 16, 520 }
           from addresses in new[] { 1, 250 }
           select new AttackCase("mesh", AttackKind.Refused, sockets, addresses),
        .. from kind in new[] { AttackKind.RefusedHead, AttackKind.RefusedStreams, AttackKind.RefusedPings, AttackKind.RefusedBytes }
           select new AttackCase("mesh", kind, 16, 1),
        .. from kind in new[] { AttackKind.RefusedStreams, AttackKind.RefusedUnread, AttackKind.RefusedIdle }
           from addresses in new[] { 1, 250 }
           select new AttackCase("mesh", kind, 520, addresses),
    ];
}
