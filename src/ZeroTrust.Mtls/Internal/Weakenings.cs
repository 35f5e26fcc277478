using Microsoft.Extensions.Logging;
using ZeroTrust.Mtls.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Internal;

/// <summary>
/// The checks of mutual TLS that are weakened: by code, for all files and in single bundles, and for the servers of partners.
/// </summary>
internal sealed class Weakenings(
    IEnumerable<Weakening> registered, ITrustBundleSource bundles, IReadOnlyCollection<PartnerServer> partners, ILogger logger)
{
    private const string Prefix = "mtls.";

    private readonly List<Weakening> _registered = [.. registered.Where(weakening => weakening.Name.StartsWith(Prefix, StringComparison.Ordinal))];
    private readonly HashSet<Weakening> _told = [];

    private readonly HashSet<string> _toldPartners = new(StringComparer.Ordinal);

    public IEnumerable<Weakening> Current => InCode.Concat(partners.Select(partner => partner.Weakening));

    private IEnumerable<Weakening> InCode => _registered.Concat(bundles.GetBundles().SelectMany(bundle => bundle.Weakenings)).Distinct();

    /// <summary>Each is told once, those of bundles that come later too. Called by one caller at a time.</summary>
    public void Tell()
    {
        foreach (var weakening in InCode.Where(_told.Add))
        {
            Log.CheckWeakened(logger, weakening.Name, weakening.Reason);
        }

        foreach (var partner in partners.Where(partner => _toldPartners.Add(partner.Name)))
        {
            Log.PartnerServerTrusted(logger, partner.Name, LogText.Detail(partner.ToString()));
        }
    }
}
