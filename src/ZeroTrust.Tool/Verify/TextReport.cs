using System.Globalization;

namespace ZeroTrust.Tool.Verify;

/// <summary>The explanation for people: the certificates, one line for each step, the verdict.</summary>
internal static class TextReport
{
    private const string Time = "yyyy-MM-dd HH:mm:ss'Z'";

    public static void Write(VerifyReport report, ToolConsole console)
    {
        foreach (var certificate in report.Certificates.Concat(report.Anchors))
        {
            WriteCertificate(certificate, console);
        }

        console.WriteLine();
        var place = report.Place is null ? string.Empty : $", judged by {report.Place}";
        console.WriteLine($"As {report.Partner ?? $"a {report.Role} of {report.TrustDomain}"} at {Spell(report.At)}{place}:");
        foreach (var step in report.Steps)
        {
            console.WriteLine($"  {step.Result}  {step.Step,-14}{step.Text}");
        }

        console.WriteLine();
        console.WriteLine(report.Code is null ? $"accepted  {report.Partner ?? report.Workload ?? "a peer without a workload id"}" : $"refused  {report.Code}");
        WriteLine("valid until", report.ValidUntil is { } until ? Spell(until) : null);
        WriteLine("meaning", report.Meaning);
        WriteLine("expected", report.Expected);
        WriteLine("presented", report.Presented);
        WriteLine("setting", report.Setting);
        WriteLine("what to do", report.Action);
        foreach (var note in report.Notes)
        {
            WriteLine("note", note);
        }

        void WriteLine(string title, string? text)
        {
            if (text is not null)
            {
                console.WriteLine($"  {title,-14}{text}");
            }
        }
    }

    private static void WriteCertificate(CertificateFacts certificate, ToolConsole console)
    {
        console.WriteLine($"{certificate.Kind}  {certificate.Subject ?? certificate.Unreadable}");
        Write("issuer", certificate.Issuer);
        Write("serial", certificate.Serial);
        Write("sha-256", certificate.Sha256);
        if (certificate is { NotBefore: { } notBefore, NotAfter: { } notAfter })
        {
            Write("valid", $"{Spell(notBefore)} to {Spell(notAfter)}");
        }

        if (certificate.Kind == "anchor" || certificate.Unreadable is not null)
        {
            return;
        }

        Write("ca", certificate.IsCa == true ? "yes" : "no");
        Write("key usage", certificate.KeyUsage ?? "absent");
        Write("ext. usage", certificate.ExtendedKeyUsage.Count > 0 ? string.Join(", ", certificate.ExtendedKeyUsage) : "absent");
        WriteAll("uri", certificate.UriNames);
        WriteAll("dns", certificate.DnsNames);
        WriteAll("ip", certificate.IpAddresses);

        void Write(string title, string? text)
        {
            if (text is not null)
            {
                console.WriteLine($"  {title,-14}{text}");
            }
        }

        void WriteAll(string title, IReadOnlyList<string> texts)
        {
            foreach (var text in texts)
            {
                Write(title, text);
            }
        }
    }

    private static string Spell(DateTimeOffset time) => time.ToUniversalTime().ToString(Time, CultureInfo.InvariantCulture);
}
