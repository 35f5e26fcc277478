using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;

namespace ZeroTrust.Mtls.Internal;

/// <summary>The checks of mutual TLS that code has weakened, for all files and in single bundles.</summary>
internal sealed class Weakenings(IEnumerable<Weakening> registered, ITrustBundleSource bundles, ILogger logger)
{
    private const string Prefix = "mtls.";

    private readonly List<Weakening> _registered = [.. registered.Where(weakening => weakening.Name.StartsWith(Prefix, StringComparison.Ordinal))];
    private readonly HashSet<Weakening> _told = [];

    public IEnumerable<Weakening> Current => _registered.Concat(bundles.GetBundles().SelectMany(bundle => bundle.Weakenings)).Distinct();

    /// <summary>Each is told once, those of bundles that come later too. Called by one caller at a time.</summary>
    public void Tell()
    {
        foreach (var weakening in Current.Where(_told.Add))
        {
            Log.CheckWeakened(logger, weakening.Name, weakening.Reason);
        }
    }
}
