using System.Diagnostics;

namespace ZeroTrust.Samples.Tour.Mesh;

/// <summary>
/// A shell that outlives the Tour by a moment: when the Tour's end of the pipe closes, however the Tour ended
/// (SIGKILL included), it kills the children it was told about and removes the folder.
/// </summary>
internal sealed class Undertaker : IDisposable
{
    private const string Script =
        """
        trap '' INT TERM HUP
        pids=
        while read -r word pid; do
          case $word in
            add) pids="$pids $pid" ;;
            done) exit 0 ;;
          esac
        done
        [ -n "$pids" ] && kill -9 $pids 2>/dev/null
        rm -rf "$1"
        """;

    private readonly Process? _shell;

    public Undertaker(TempFolder folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add("undertaker");
        start.ArgumentList.Add(folder.Path);
        _shell = Process.Start(start);
    }

    public void Watch(int pid) => Tell($"add {pid}");

    /// <summary>Everything was stopped in order; nothing is left to do.</summary>
    public void Dispose()
    {
        Tell("done");
        _shell?.StandardInput.Close();
        _shell?.WaitForExit(TimeSpan.FromSeconds(2));
        _shell?.Dispose();
    }

    private void Tell(string line)
    {
        if (_shell is { HasExited: false })
        {
            _shell.StandardInput.WriteLine(line);
            _shell.StandardInput.Flush();
        }
    }
}
