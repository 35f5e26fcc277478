namespace ZeroTrust.Redaction.Statements;

/// <summary>
/// Replaces the values of tags and fields and the time of points in the line protocol of InfluxDB by <c>?</c>; measurements and keys stay.
/// </summary>
internal static class LineProtocol
{
    public static string Strip(string points)
    {
        var text = points.AsSpan();
        var writer = new StatementWriter(points);
        for (var at = 0; at < text.Length;)
        {
            // A measurement, then pairs; a part without an equals sign behind the measurement is the time.
            var isMeasurement = true;
            while (at < text.Length && text[at] is not '\n')
            {
                var end = PartEnd(text, at, isValue: false);
                if (end < text.Length && text[end] == '=')
                {
                    (at, end) = (end + 1, PartEnd(text, end + 1, isValue: true));
                    Replace(ref writer, at, end);
                }
                else if (!isMeasurement)
                {
                    Replace(ref writer, at, end);
                }

                isMeasurement = false;
                at = end < text.Length && text[end] is ',' or ' ' or '\r' ? end + 1 : end;
            }

            at++;
        }

        return writer.Finish();
    }

    private static void Replace(ref StatementWriter writer, int start, int end)
    {
        if (end > start)
        {
            writer.Replace(start, end);
        }
    }

    private static int PartEnd(ReadOnlySpan<char> text, int at, bool isValue)
    {
        if (isValue && at < text.Length && text[at] == '"')
        {
            at = LiteralEnds.OfEscaped(text, at);
        }

        for (; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] is ',' or ' ' or '\r' or '\n' || (text[at] == '=' && !isValue))
            {
                return at;
            }
        }

        return text.Length;
    }
}
