namespace ZeroTrust.ArchitectureTests;

public sealed class ThreatModelTests
{
    private const string Page = """
        ## Boundaries, threats, defences

        | threat (STRIDE) | at | defence | refused as | shown by |
        |---|---|---|---|---|
        | one (S) | mesh | checked | `mtls.code` | {0} |

        ## Residual risk

        | other | table |
        """;

    private static readonly HashSet<string> Known = new(["PeerTests", "PeerTests.A_stranger_is_refused"], StringComparer.Ordinal);

    [Fact]
    public void Every_row_names_tests_that_exist()
    {
        var page = Repository.Read("docs", "threat-model.md");

        Assert.True(ThreatModel.Rows(page).Count >= 40, "The table was not found.");
        Assert.Empty(ThreatModel.Faults(page, TestNames.All()));
    }

    [Theory]
    [InlineData("`PeerTests`")]
    [InlineData("`PeerTests`, `PeerTests.A_stranger_is_refused`")]
    public void A_row_that_names_a_test_is_shown(string tests) => Assert.Empty(FaultsOf(tests));

    [Theory]
    [InlineData("")]
    [InlineData("–")]
    [InlineData("PeerTests")]
    [InlineData("`OtherTests`")]
    [InlineData("`PeerTests`, `PeerTests.A_stranger_is_served`")]
    public void A_row_without_a_test_or_with_one_that_is_not_there_is_found(string tests) => Assert.Single(FaultsOf(tests));

    [Fact]
    public void A_row_without_the_column_is_found() =>
        Assert.Single(ThreatModel.Faults(Page.Replace(" | {0} |", " |", StringComparison.Ordinal), Known));

    [Fact]
    public void Tests_are_read_from_their_source()
    {
        const string source = """
            public sealed class PeerTests
            {
                [Theory]
                [InlineData(1)]
                public async Task A_stranger_is_refused(int number)
                {
                }

                public void Not_a_test()
                {
                }
            }
            """;

        Assert.Equal(["PeerTests", "PeerTests.A_stranger_is_refused"], TestNames.In(source), StringComparer.Ordinal);
        Assert.Empty(TestNames.In("public sealed class PeerWorld { }"));
    }

    private static IReadOnlyList<string> FaultsOf(string tests) => ThreatModel.Faults(Page.Replace("{0}", tests, StringComparison.Ordinal), Known);
}
