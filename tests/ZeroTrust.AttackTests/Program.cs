using System.Globalization;
using ZeroTrust.AttackTests;

// Without arguments: the short form. "full": every case. "one <case>": one case. "cost": what a refused connection costs. The other words
// are the child processes.
return args switch
{
    [] or ["short"] => await Campaign.RunAsync(AttackCase.Short, seconds: 5),
    ["full"] => await Campaign.RunAsync(AttackCase.Full, seconds: 10),
    ["cost"] => await Cost.RunAsync(),
    ["one", var seconds, var listener, var kind, var sockets, var addresses] => await Campaign.RunAsync(
        [new AttackCase(listener, Enum.Parse<AttackKind>(kind), Number(sockets), Number(addresses))], Number(seconds)),
    ["server", var folder] => await Server.RunAsync(folder),
    ["attacker", var port, var kind, var sockets, var addresses] =>
        await Attacker.RunAsync(Number(port), Enum.Parse<AttackKind>(kind), Number(sockets), Number(addresses)),
    ["peers", var port, var folder] => await Peers.RunAsync(Number(port), folder),
    _ => Campaign.Explain(),
};

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
