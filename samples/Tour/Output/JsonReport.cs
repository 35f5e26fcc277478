using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZeroTrust.Samples.Tour.Output;

/// <summary>Only a JSON array on standard output, written when all is over; progress goes to standard error.</summary>
internal sealed class JsonReport(TextWriter output, TextWriter progress) : IReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Row> _rows = [];

    public void Progress(string message) => progress.WriteLine($"... {message}");

    public void Add(Row row) => _rows.Add(row);

    public void Finish() => output.WriteLine(JsonSerializer.Serialize(
        _rows.Select(static row => new
        {
            scenario = row.Scenario,
            expected = row.Expected,
            actual = row.Actual,
            code = row.Code,
            ms = row.Milliseconds,
            ok = row.Ok,
        }),
        Format));
}
