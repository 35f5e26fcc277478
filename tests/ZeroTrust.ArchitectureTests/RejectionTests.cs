using System.Globalization;

namespace ZeroTrust.ArchitectureTests;

public sealed class RejectionTests
{
    [Fact]
    public void Zero_is_unspecified_and_numbers_are_unique()
    {
        Assert.NotEmpty(Rejections.Reasons());
        foreach (var type in Rejections.Reasons())
        {
            Assert.Equal("Unspecified", Enum.GetName(type, 0));
            var numbers = Enum.GetValues(type).Cast<object>().Select(value => Convert.ToInt32(value, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
    }

    [Fact]
    public void Every_code_is_documented()
    {
        var page = Repository.Read("docs", "reference", "rejections.md");

        Assert.Empty(Rejections.All().Where(reason => !page.Contains($"| `{reason.Code}` |", StringComparison.Ordinal)).Select(reason => reason.Code));
    }

    [Fact]
    public void Every_documented_code_exists()
    {
        var documented = Repository.Read("docs", "reference", "rejections.md").Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .Where(code => code.Contains('.', StringComparison.Ordinal) && code != Rejection.NotEvaluated.Code);

        Assert.Empty(documented.Except(Rejections.All().Select(reason => reason.Code), StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reason_is_produced_by_a_test()
    {
        var tests = string.Join('\n', Repository.Files("tests", "*.cs").Select(File.ReadAllText));
        var untested = Rejections.All().Where(reason =>
            !tests.Contains(reason.Enum.Name + "." + reason.Member, StringComparison.Ordinal)
            && !tests.Contains(reason.Code, StringComparison.Ordinal));

        Assert.Empty(untested.Select(reason => reason.Code));
    }
}
