using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZeroTrust.OpenTelemetry;
using ZeroTrust.OpenTelemetry.Pipeline;

namespace ZeroTrust;

/// <summary>Adds redaction of telemetry to a service.</summary>
public static class RedactionZeroTrustBuilderExtensions
{
    /// <summary>
    /// Redacts every span, log record and metric of every OpenTelemetry provider in this container, before any of its exporters sees it.
    /// Safe to call more than once, before or after the exporters are registered.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options after <see cref="RedactionOptions.SectionName"/> has been bound.</param>
    /// <returns>The builder.</returns>
    /// <remarks>
    /// Redaction is the first processor of each pipeline, and looks again in front of each exporter, where a span that is not clean is dropped. What a
    /// processor of the application adds in its own <c>OnEnd</c> is redacted by a second pass: call <c>AddZeroTrustRedaction()</c> on the provider
    /// builder, after that processor and before the exporter. A host whose exporter stands in front of redaction does not start.
    /// </remarks>
    public static IZeroTrustBuilder AddRedaction(this IZeroTrustBuilder builder, Action<RedactionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RedactionRegistration.AddTracing(builder.Services);
        RedactionRegistration.AddLogging(builder.Services);
        RedactionRegistration.AddMetrics(builder.Services);
        RedactionRegistration.AddBaggage(builder.Services);
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        return builder;
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
