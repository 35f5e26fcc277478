using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ZeroTrust.Redaction;
using ZeroTrust.Redaction.Internal;
using ZeroTrust.Shared;

namespace ZeroTrust;

/// <summary>Adds the policy of redaction to a service.</summary>
public static class RedactionPolicyExtensions
{
    /// <summary>
    /// Adds <see cref="RedactionPolicyProvider"/>, whose policy follows the section <see cref="RedactionOptions.SectionName"/>. Telemetry is redacted by what
    /// asks it, as <c>ZeroTrust.OpenTelemetry</c> does. Safe to call more than once.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options after the section has been bound.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRedactionPolicy(this IServiceCollection services, Action<RedactionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(static service => service.ServiceType == typeof(RedactionPolicyProvider)))
        {
            services.AddSettings<RedactionOptions>(
                RedactionOptions.SectionName, RedactionSettings.Shape, static (section, options) => section.Bind(options));
            services.AddSingleton<IValidateOptions<RedactionOptions>, RedactionOptionsValidator>();
            services.AddSingleton(static provider => new RedactionPolicyProvider(provider));
            services.AddHostedService<SwitchedOffDetectors>();
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services;
    }

    /// <summary>Adds a detector of the application's own, which runs over every text behind the built-in ones. Adding one type twice adds it once.</summary>
    /// <typeparam name="TDetector">The detector.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IZeroTrustBuilder AddTextDetector<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDetector>(this IZeroTrustBuilder builder)
        where TDetector : class, ITextDetector
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ITextDetector, TDetector>());
        return builder;
    }
}
