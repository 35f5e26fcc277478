using ZeroTrust.AspNetCore.Forwarding;
using ZeroTrust.Shared;

namespace ZeroTrust.AspNetCore.Listeners;

/// <summary>Checks what a listener's settings say of certificates: the one it presents, and the headers of others.</summary>
internal static class ListenerCertificates
{
    /// <summary>Checks <see cref="ListenerOptions.CertificateHeaders"/>.</summary>
    public static void CheckHeaders(ListenerOptions options, Action<string, string> fault)
    {
        for (var i = 0; i < options.CertificateHeaders.Count; i++)
        {
            if (CertificateHeaderNames.FaultOf(options.CertificateHeaders[i]) is { } error)
            {
                fault(FormattableString.Invariant($"{nameof(options.CertificateHeaders)}:{i}"), error);
            }
        }
    }

    /// <summary>Checks <see cref="ListenerOptions.CertificateFile"/> and its key; every fault is reported.</summary>
    public static void Check(string listener, ListenerOptions options, Action<string, string> fault, FileRules files, DateTimeOffset now)
    {
        if (options.CertificateFile.Length == 0 && options.KeyFile.Length == 0)
        {
            return;
        }

        if (options.Role != ListenerRole.Edge)
        {
            fault(nameof(options.CertificateFile), "only edge listeners have a certificate of their own; others present the workload's.");
        }
        else if (options.CertificateFile.Length == 0)
        {
            fault(nameof(options.CertificateFile), $"is missing beside {nameof(options.KeyFile)}.");
        }
        else if (options.KeyFile.Length == 0)
        {
            fault(nameof(options.KeyFile), $"is missing beside {nameof(options.CertificateFile)}.");
        }
        else if (SettingFile.FaultOf(options.CertificateFile) is { } noCertificate)
        {
            fault(nameof(options.CertificateFile), noCertificate);
        }
        else if (SettingFile.FaultOf(options.KeyFile) is { } noKey)
        {
            fault(nameof(options.KeyFile), noKey);
        }
        else if (new EdgeCertificateFiles(listener, options.CertificateFile, options.KeyFile, files).FaultOf(now) is { } found)
        {
            fault(found.Setting, found.What);
        }
    }
}
