using System.Globalization;
using ZeroTrust.HostBenchmarks;

// Without arguments: every variant, three times. The other words are the child processes.
return args switch
{
    [] => await Campaign.RunAsync(Enum.GetValues<HostVariant>(), rounds: 3),
    ["only", var rounds, .. var variants] => await Campaign.RunAsync([.. variants.Select(Enum.Parse<HostVariant>)], Number(rounds)),
    ["server", var variant, var sink, var folder] => await Host.RunAsync(Enum.Parse<HostVariant>(variant), Number(sink), folder),
    ["load", var variant, var port, var folder] => await Load.RunAsync(Enum.Parse<HostVariant>(variant), Number(port), folder),
    ["sink"] => await Sink.RunAsync(),
    _ => Campaign.Explain(),
};

static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
