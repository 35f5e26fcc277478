using OpenTelemetry;
using ZeroTrust.OpenTelemetry.Diagnostics;
using ZeroTrust.OpenTelemetry.Internal;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Redacts the resource that a provider built for itself, before its first export.</summary>
internal sealed class ResourceRedactor(SurfaceRedactor surfaces)
{
    /// <exception cref="MissingFieldException">This version of the SDK has another shape.</exception>
    public void Redact(BaseProvider provider)
    {
        var resource = provider.GetResource();
        var redacted = false;
        var attributes = resource.Attributes.Select(attribute => Redact(attribute, ref redacted)).ToArray();
        if (redacted)
        {
            SdkField.Set(resource, SdkField.ResourceAttributes, attributes);
        }
    }

    private KeyValuePair<string, object> Redact(KeyValuePair<string, object> attribute, ref bool redacted)
    {
        var result = surfaces.Tag(Signals.Resource, "resource attribute", new KeyValuePair<string, object?>(attribute.Key, attribute.Value), ref redacted);
        return new KeyValuePair<string, object>(result.Key, result.Value ?? attribute.Value);
    }
}
