using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Properties;

public sealed class HarmlessValueTests
{
    private const ulong Seed = 23;
    private const int DrawnOfEach = 5_000;
    private const double MostChanged = 0.001;

    [Fact]
    public void Harmless_values_stay()
    {
        var redactor = new TextRedactor([], []);
        var kinds = new HarmlessValues(Seed).Kinds;
        var changed = new List<string>();
        foreach (var (kind, isStrict, draw) in kinds)
        {
            for (var i = 0; i < DrawnOfEach; i++)
            {
                var value = draw();
                if (redactor.Redact(value) is var redacted && !ReferenceEquals(redacted, value))
                {
                    Assert.False(isStrict, $"{kind}: {value} -> {redacted}");
                    changed.Add($"{kind}: {value} -> {redacted}");
                }
            }
        }

        Assert.Equal(20, kinds.Count);
        Assert.True(changed.Count <= kinds.Count * DrawnOfEach * MostChanged, $"{changed.Count} changed: {string.Join(", ", changed.Take(40))}");
    }
}
