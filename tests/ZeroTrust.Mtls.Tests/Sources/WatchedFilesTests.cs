using System.Text;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class WatchedFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Content_that_changed_without_a_trace_is_seen_at_the_tenth_look_and_not_read_before()
    {
        var path = Write("a", "one");
        var files = NewFiles(path);
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, written);

        for (var look = 1; look < 10; look++)
        {
            Assert.False(files.Poll());
        }

        Assert.Equal("one", files.Current);
        Assert.True(files.Poll());
        Assert.Equal("two", files.Current);
    }

    [Fact]
    public void Content_that_changed_without_a_trace_is_seen_by_who_asks_for_it()
    {
        var path = Write("a", "one");
        var files = NewFiles(path);
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, written);

        Assert.True(files.Reload());
    }

    [Theory]
    [InlineData("three", 0)]
    [InlineData("two", 1)]
    public void Another_length_or_time_is_seen_at_the_next_look(string text, int seconds)
    {
        var path = Write("a", "one");
        var files = NewFiles(path);
        var written = File.GetLastWriteTimeUtc(path);
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, written.AddSeconds(seconds));

        Assert.True(files.Poll());
        Assert.Equal(text, files.Current);
    }

    [Fact]
    public void A_swapped_link_to_a_folder_is_seen_at_the_next_look_even_without_another_length_or_time()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the tenth look tells.");
        var (old, next) = (Write("1/a", "one"), Write("2/a", "two"));
        File.SetLastWriteTimeUtc(next, File.GetLastWriteTimeUtc(old));
        var folder = Path.Combine(_folder.Path, "current");
        Directory.CreateSymbolicLink(folder, "1");
        var link = Path.Combine(_folder.Path, "a");
        File.CreateSymbolicLink(link, Path.Combine("current", "a"));
        var files = NewFiles(link);

        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, "2");

        Assert.True(files.Poll());
        Assert.Equal("two", files.Current);
    }

    [Fact]
    public void A_file_that_was_only_touched_is_not_loaded_again()
    {
        var path = Write("a", "one");
        var files = NewFiles(path);
        var before = files.Current;
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));

        Assert.False(files.Poll());
        Assert.Same(before, files.Current);
    }

    [Fact]
    public void What_moves_from_one_file_to_the_next_is_seen()
    {
        var (first, second) = (Write("a", "one"), Write("b", string.Empty));
        var files = NewFiles(first, second);
        File.WriteAllText(first, string.Empty);
        File.WriteAllText(second, "one");

        Assert.True(files.Poll());
    }

    [Fact]
    public void A_failure_is_told_at_its_second_look_and_ends_with_the_files()
    {
        var path = Write("a", "one");
        var files = NewFiles(path);

        File.WriteAllText(path, "bad");
        Assert.False(files.Poll());
        Assert.Null(files.Failure);
        Assert.False(files.Poll());
        Assert.Equal("bad", files.Failure);
        Assert.Equal("one", files.Current);

        File.WriteAllText(path, "one");
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        Assert.False(files.Poll());
        Assert.Null(files.Failure);
    }

    [Fact]
    public void A_failure_that_time_heals_is_tried_again()
    {
        var path = Write("a", "one");
        var isEarly = true;
        var files = new WatchedFiles<string>(
            "test", [MtlsFile.At("Test", path)], content => Text(content) == "early" && isEarly ? throw new InvalidOperationException("early") : Text(content),
            new WatchEvents());
        File.WriteAllText(path, "early");
        Assert.False(files.Poll());
        isEarly = false;

        Assert.Contains(true, Enumerable.Range(0, 10).Select(_ => files.Poll()));
        Assert.Equal("early", files.Current);
        Assert.Null(files.Failure);
    }

    private static string Text(IReadOnlyList<FileContent> content) => string.Concat(content.Select(file => Encoding.UTF8.GetString(file.Bytes)));

    private static WatchedFiles<string> NewFiles(params string[] paths) => new(
        "test",
        [.. paths.Select(path => MtlsFile.At("Test", path))],
        content => Text(content) is var text && text != "bad" ? text : throw new InvalidOperationException("bad"),
        new WatchEvents());

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
