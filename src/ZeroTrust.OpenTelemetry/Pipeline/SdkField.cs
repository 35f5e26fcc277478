using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>
/// Fields that the OpenTelemetry SDK keeps private: nothing public tells which processors a provider has or which exporter each one feeds.
/// A version without them ends in an exception, which stops the export.
/// </summary>
internal static class SdkField
{
    public const string Processor = "<Processor>k__BackingField";
    public const string Reader = "<Reader>k__BackingField";
    public const string Head = "Head";
    public const string Next = "<Next>k__BackingField";
    public const string Value = "Value";
    public const string Exporter = "exporter";
    public const string Worker = "worker";
    public const string WorkerExporter = "<Exporter>k__BackingField";
    public const string ResourceAttributes = "<Attributes>k__BackingField";

    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const DynamicallyAccessedMemberTypes Fields = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;
    private const string Sdk = "OpenTelemetry";

    /// <exception cref="MissingFieldException">This version of the SDK has no such field.</exception>
    public static object? Get(object owner, string name) => Find(owner, name).GetValue(owner);

    /// <exception cref="MissingFieldException">This version of the SDK has no such field.</exception>
    public static void Set(object owner, string name, object value) => Find(owner, name).SetValue(owner, value);

    [DynamicDependency(Fields, "OpenTelemetry.Trace.TracerProviderSdk", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Logs.LoggerProviderSdk", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Metrics.MeterProviderSdk", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.CompositeProcessor`1", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.CompositeProcessor`1.DoublyLinkedListNode", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Metrics.CompositeMetricReader", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Metrics.CompositeMetricReader.DoublyLinkedListNode", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.BaseExportProcessor`1", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.BatchExportProcessor`1", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Internal.BatchExportWorker`1", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Metrics.BaseExportingMetricReader", Sdk)]
    [DynamicDependency(Fields, "OpenTelemetry.Resources.Resource", Sdk)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The dependencies above keep the fields of every type that is asked.")]
    private static FieldInfo Find(object owner, string name)
    {
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(name, Declared) is { } field)
            {
                return field;
            }
        }

        throw new MissingFieldException(owner.GetType().FullName, name);
    }
}
