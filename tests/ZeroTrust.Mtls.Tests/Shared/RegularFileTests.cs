using System.Diagnostics;
using Microsoft.Extensions.Options;
using ZeroTrust.Mtls.Sources;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Shared;

public sealed class RegularFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RegularFileTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows opens nothing else by a path.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_fifo_without_a_writer_is_refused_without_waiting_for_one()
    {
        var path = await NewFifoAsync(Path.Combine(_folder.Path, "fifo"));

        await Task.Run(() => Refused(path), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("/dev/random")]
    [InlineData("/proc")]
    [InlineData("/dev")]
    public void A_device_or_a_folder_is_refused(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These are Linux's.");
        Refused(path);
    }

    [Fact]
    public void A_link_to_a_file_is_a_file()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "content");
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, file);

        Assert.Equal("content"u8.ToArray(), MtlsFile.At("Test", link).Read().Bytes);
    }

    [Fact]
    public void A_missing_file_is_told_from_one_that_may_not_be_read()
    {
        Assert.Contains("No such file", Assert.Throws<OptionsValidationException>(() => MtlsFile.At("Test", Path.Combine(_folder.Path, "none")).Read()).Message, StringComparison.Ordinal);
        Assert.Null(MtlsFile.At("Test", Path.Combine(_folder.Path, "none")).Look());
    }

    internal static async Task<string> NewFifoAsync(string path)
    {
        using var process = Process.Start("mkfifo", path);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    private static void Refused(string path)
    {
        var file = MtlsFile.At("Test", path);
        Assert.Null(file.Look());
        Assert.Throws<OptionsValidationException>(file.Read);
        Assert.Throws<OptionsValidationException>(file.Hash);
        Assert.Throws<IOException>(() => RegularFile.Open(path));
    }
}
