namespace ZeroTrust.Samples.Tour.Output;

/// <summary>A table that grows while the Tour runs; a scenario of several steps shows each on a line of its own.</summary>
internal sealed class TableReport(TextWriter output, bool interactive) : IReport
{
    private const int ScenarioWidth = 60;
    private const int ExpectedWidth = 27;
    private const int ActualWidth = 27;
    private const int CodeWidth = 31;
    private const string ClearLine = "\r\u001b[K";

    private readonly List<Row> _rows = [];
    private bool _headed;

    public void Progress(string message)
    {
        if (interactive)
        {
            output.Write($"{ClearLine}... {message}");
        }
        else if (!_headed)
        {
            output.WriteLine($"... {message}");
        }

        output.Flush();
    }

    public void Add(Row row)
    {
        Head();
        _rows.Add(row);
        if (row.Steps.Count == 1 && row.Failure is null)
        {
            var step = row.Steps[0];
            Line(row.Scenario, step.Expected, step.Actual, CodeOf(step), row);
        }
        else
        {
            Line(row.Scenario, "", "", null, row);
            foreach (var step in row.Steps)
            {
                Line("     " + step.What, step.Expected, step.Actual, CodeOf(step), null, step.Ok ? " " : "x");
            }
        }

        if (row.Failure is not null)
        {
            output.WriteLine($"     {row.Failure}");
        }

        output.Flush();
    }

    public void Finish()
    {
        Clear();
        var wrong = _rows.Count(static row => !row.Ok);
        output.WriteLine();
        output.WriteLine(wrong == 0
            ? $"{_rows.Count} scenarios, all as expected."
            : $"{_rows.Count} scenarios, {wrong} NOT as expected.");
    }

    private void Head()
    {
        Clear();
        if (_headed)
        {
            return;
        }

        _headed = true;
        Line("scenario", "expected", "got", "refusal code", null, " ", "ms");
        output.WriteLine(new string('-', ScenarioWidth + ExpectedWidth + ActualWidth + CodeWidth + 16));
    }

    private void Clear()
    {
        if (interactive)
        {
            output.Write(ClearLine);
        }
    }

    private void Line(string scenario, string expected, string actual, string? code, Row? row, string mark = " ", string time = "")
    {
        if (row is not null)
        {
            mark = row.Ok ? "✓" : "x";
            time = $"{row.Milliseconds}";
        }

        output.WriteLine($"{mark} {Fit(scenario, ScenarioWidth)} {Fit(expected, ExpectedWidth)} {Fit(actual, ActualWidth)} "
            + $"{Fit(code ?? "", CodeWidth)} {time,6}");
    }

    private static string CodeOf(Step step) => step.Code == step.ExpectedCode
        ? step.Code ?? ""
        : $"{step.Code ?? "none"}, expected {step.ExpectedCode ?? "none"}";

    private static string Fit(string text, int width) => text.PadRight(width);
}
