using OpenTelemetry;

namespace ZeroTrust.OpenTelemetry.Tests;

/// <summary>An exporter that keeps what it reads of each record at the moment of the export.</summary>
internal sealed class Recorder<T>(Func<T, object?> read) : BaseExporter<T>
    where T : class
{
    private readonly List<object?> _seen = [];

    public IReadOnlyList<object?> Seen => _seen;

    public override ExportResult Export(in Batch<T> batch)
    {
        foreach (var item in batch)
        {
            _seen.Add(read(item));
        }

        return ExportResult.Success;
    }
}
