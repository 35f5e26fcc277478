using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using ZeroTrust.Redaction.Diagnostics;
using ZeroTrust.Shared;

namespace ZeroTrust.Redaction;

/// <summary>Holds the policy in use. It follows the configuration: a valid change replaces the policy, one that is not valid is logged and passed over.</summary>
/// <remarks>Registered by <see cref="RedactionPolicyExtensions.AddRedactionPolicy"/>. Ask for <see cref="Current"/> once for each record.</remarks>
public sealed class RedactionPolicyProvider : IDisposable
{
    private readonly FollowedOptions<RedactionOptions, RedactionPolicy> _policies;

    internal RedactionPolicyProvider(IServiceProvider services) => _policies = new(
        services,
        options => new RedactionPolicy(options, services.GetServices<ITextDetector>(), services.GetService<IRedactorProvider>()),

        // The first log record asks before options are validated at start, which tells all faults at once and stops the host.
        static () => new RedactionPolicy(new RedactionOptions { Mode = RedactionMode.KeepOnly }, [], redactors: null),
        Log.Category,
        static (logger, error) =>
        {
            if (error is null)
            {
                Log.RedactionReloaded(logger);
            }
            else
            {
                Log.RedactionReloadFailed(logger, error);
            }
        });

    /// <summary>The policy in use: another object after each change.</summary>
    public RedactionPolicy Current => _policies.Current;

    /// <summary>Stops following the configuration.</summary>
    public void Dispose() => _policies.Dispose();
}
