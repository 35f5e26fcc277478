using System.Diagnostics;

namespace ZeroTrust.IntegrationTests.TrustFiles;

/// <summary>A disk of 64 KiB, mounted where no other process sees it and reached through the one that has it mounted.</summary>
internal sealed class MountedDisk : IDisposable
{
    private const string Mount = "mount -t tmpfs -o size=64k,mode=0700 none \"$1\" && echo mounted && read -r _";

    private readonly Process _holder;

    private MountedDisk(Process holder, string folder) => (_holder, Folder) = (holder, $"/proc/{holder.Id}/root{folder}");

    public string Folder { get; }

    /// <summary>Mounts it; null with the reason where that is not permitted.</summary>
    public static MountedDisk? Create(string folder, out string? reason)
    {
        reason = null;
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsLinux())
        {
            reason = "mount namespaces are Linux's";
            return null;
        }

        var start = new ProcessStartInfo("unshare", [Environment.IsPrivilegedProcess ? "-m" : "-Urm", "sh", "-c", Mount, "sh", folder])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var holder = Process.Start(start)!;
            if (holder.StandardOutput.ReadLine() == "mounted")
            {
                return new MountedDisk(holder, folder);
            }

            reason = holder.StandardError.ReadToEnd().Trim();
            holder.Dispose();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            reason = exception.Message;
        }

        return null;
    }

    public void Dispose()
    {
        _holder.StandardInput.Close();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
