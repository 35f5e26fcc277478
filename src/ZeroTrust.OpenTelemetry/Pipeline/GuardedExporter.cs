using System.Buffers;
using OpenTelemetry;

namespace ZeroTrust.OpenTelemetry.Pipeline;

/// <summary>Stands between a processor and its exporter and hands on only what may leave. Never throws.</summary>
/// <remarks>It is put in place after the provider has introduced itself to the exporter, so the exporter keeps its resource.</remarks>
/// <typeparam name="T">What is exported.</typeparam>
internal sealed class GuardedExporter<T>(BaseExporter<T> inner, IExportScan<T> scan) : BaseExporter<T>
    where T : class
{
    public override ExportResult Export(in Batch<T> batch)
    {
        var clean = ArrayPool<T>.Shared.Rent((int)Math.Max(batch.Count, 1));
        var count = 0;
        try
        {
            foreach (var item in batch)
            {
                if (scan.MayLeave(item))
                {
                    clean[count++] = item;
                }
            }

            return count == 0 ? ExportResult.Success : inner.Export(new Batch<T>(clean, count));
        }
        catch (Exception)
        {
            return ExportResult.Failure;
        }
        finally
        {
            ArrayPool<T>.Shared.Return(clean, clearArray: true);
        }
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => inner.ForceFlush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => inner.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
