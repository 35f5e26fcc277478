using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Mathematics.OutlierDetection;

namespace ZeroTrust.Benchmarks;

/// <summary>For promises about the slowest: every measurement counts, and the 99th percentile is shown.</summary>
internal sealed class TailConfig : ManualConfig
{
    public TailConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithOutlierMode(OutlierMode.DontRemove)
            .WithUnrollFactor(1));
        AddColumn(new Percentile(50), new Percentile(99));
    }

    private sealed class Percentile(int value) : IColumn
    {
        public string Id => ColumnName;

        public string ColumnName => FormattableString.Invariant($"p{value} [us]");

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Statistics;

        public int PriorityInCategory => value;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string Legend => FormattableString.Invariant($"{value}th percentile of all measurements, in microseconds");

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? FormattableString.Invariant($"{statistics.Percentiles.Percentile(value) / 1000:0}")
                : "?";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public bool IsAvailable(Summary summary) => true;
    }
}
