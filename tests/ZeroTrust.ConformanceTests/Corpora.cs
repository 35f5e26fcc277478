namespace ZeroTrust.ConformanceTests;

/// <summary>Where the test data of others lies. It is not part of the repository.</summary>
internal sealed class Corpora
{
    public const string Variable = "ZEROTRUST_CORPORA";

    private const string Solution = "ZeroTrust.sln";

    private Corpora(string repository, string root)
    {
        Repository = repository;
        Root = root;
    }

    /// <summary>The root of the repository.</summary>
    public string Repository { get; }

    /// <summary>The folder of the corpora, which need not exist.</summary>
    public string Root { get; }

    /// <summary>What to do when there are no corpora.</summary>
    public string HowToPoint => $"No conformance corpora in {Root}. Set {Variable} to the folder that holds limbo/, pkits/, jws/ and redaction/.";

    public static Corpora Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, Solution)))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{Solution} is not above {AppContext.BaseDirectory}.");
        }

        var stated = Environment.GetEnvironmentVariable(Variable);
        return new(folder, Path.GetFullPath(string.IsNullOrEmpty(stated) ? Path.Combine(folder, "../shared/corpora") : stated));
    }

    /// <summary>Every file of every format we know, in a stable order.</summary>
    public IReadOnlyList<CorpusFile> Read() => [.. LimboCorpus.Read(this), .. PkitsCorpus.Read(this)];

    public string NameOf(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');
}
