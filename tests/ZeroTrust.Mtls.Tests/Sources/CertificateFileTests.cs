using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ZeroTrust.Mtls.Tests.Support;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests.Sources;

public sealed class CertificateFileTests : IDisposable
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    private readonly World _world = new();
    private readonly string _one;
    private readonly string _two;

    public CertificateFileTests()
    {
        _one = _world.Root.Certificate.ExportCertificatePem() + "\n";
        _two = _one + _world.Intermediate.Certificate.ExportCertificatePem() + "\n";
    }

    public static TheoryData<string> Accepted =>
    [
        "as tools write it", "no end of the last line", "line ends of Windows", "a BOM", "UTF-16 of Windows", "UTF-16, big endian", "UTF-16 without a mark",
        "files joined without a line end", "openssl's text before each", "bag attributes", "comments and rules of a CA bundle", "indented as in YAML", "an old label",
        "one long line", "parameters of a key beside",
    ];

    public static TheoryData<string, string> Refused => new()
    {
        { "cut in the second", "line 12: the CERTIFICATE block that begins here has no end: the file was cut off, or is being written" },
        { "cut in the last line", "line 12: the CERTIFICATE block that begins here has no end" },
        { "cut in the second's first line", "line 12: the file ends within a BEGIN line" },
        { "cut behind the second's label", "line 12: the BEGIN line is not whole" },
        { "cut from the front", "line 4: a BEGIN or END line that belongs to no block" },
        { "an END line missing", "line 1: the CERTIFICATE block that begins here does not end before line 11: \"-----END CERTIFICATE-----\" is missing" },
        { "another label at the end", "does not end before line 11" },
        { "four dashes", "line 1: a BEGIN or END line that belongs to no block" },
        { "dashes of a word processor", "line 1: a BEGIN or END line that belongs to no block" },
        { "lower case", "line 1: a BEGIN or END line that belongs to no block" },
        { "a space after the dashes", "line 1: a BEGIN or END line that belongs to no block" },
        { "commented out", "line 2: the CERTIFICATE block is damaged: '#' is no letter of base64" },
        { "a letter that is none", "line 3: the CERTIFICATE block is damaged: '*' is no letter of base64" },
        { "a line taken out", "certificate 1 is not the encoding of a certificate" },
        { "half a group of base64", "its base64 is not whole" },
        { "an empty block", "the CERTIFICATE block is empty" },
        { "a block of something else", "line 1: certificate 1 is not the encoding of a certificate" },
        { "bytes behind the certificate", "line 1: certificate 1 has 3 bytes behind its end" },
        { "ends of lines as two letters", "line 1: it holds \\n as two letters" },
        { "OpenSSL's trusted certificate", "openssl x509 -in FILE" },
        { "PKCS#7 as PEM", "openssl pkcs7 -in FILE -print_certs" },
        { "PKCS#7 as DER", "openssl pkcs7 -inform DER" },
        { "a CRL beside", "a X509 CRL block; certificates are wanted here" },
        { "a private key beside", "a private key is among the certificates" },
        { "empty", "it is empty" },
        { "white space", "nothing but white space" },
        { "zeros", "nothing but zero bytes" },
        { "UTF-32", "it is UTF-32" },
        { "a page", "a page of HTML" },
        { "JSON", "JSON, as a JWK Set is" },
        { "base64 alone", "base64 without a BEGIN and an END line; convert it: base64 -d FILE | openssl x509 -inform DER -out FILE.pem" },
        { "base64 alone, cut off", "base64 without a BEGIN and an END line, cut off or damaged" },
        { "base64 of PEM", "base64 of a PEM file, as Kubernetes keeps it in a Secret; decode it: base64 -d FILE > FILE.pem" },
        { "base64 of PEM in lines", "base64 of a PEM file, as Kubernetes keeps it in a Secret; decode it: base64 -d FILE > FILE.pem" },
        { "base64 of PEM with text before", "base64 of a PEM file, as Kubernetes keeps it in a Secret; decode it: base64 -d FILE > FILE.pem" },
        { "base64 of base64", "base64 of base64 of a PEM file; decode it twice: base64 -d FILE | base64 -d > FILE.pem" },
        { "a line of a manifest", "text around base64 of a PEM file, as a Secret of Kubernetes has it: kubectl get secret" },
        { "base64 of PKCS#12", "base64 without a BEGIN and an END line, of PKCS#12 (PFX); decode it: base64 -d FILE > FILE.p12" },
        { "base64 of PKCS#7", "of PKCS#7; convert it: base64 -d FILE | openssl pkcs7 -inform DER -print_certs -out FILE.pem" },
        { "base64 of a CRL", "of a binary object (DER) that is no certificate; decode it: base64 -d FILE > FILE.der" },
        { "base64 of a text", "text that says nothing of the kind" },
        { "noise", "it holds no PEM block; it is neither PEM nor DER" },
        { "an ELF file", "neither PEM nor DER" },
        { "a Java keystore", "keytool -importkeystore" },
        { "compressed", "gunzip" },
        { "a manifest", "a manifest of Kubernetes" },
        { "DER cut off", "it is a binary object that has no end: the file was cut off, or is being written" },
    };

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Every_certificate_of_a_file_is_read_in_its_order(string kind)
    {
        var read = CertificateFile.Read(Make(kind), mayHoldKey: false);

        Assert.Equal([_world.Root.Certificate.Thumbprint, _world.Intermediate.Certificate.Thumbprint], read.Select(certificate => certificate.Thumbprint), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_file_that_is_not_whole_is_refused_with_its_line(string kind, string fault) =>
        Assert.Contains(fault, Assert.Throws<TrustFileFault>(() => CertificateFile.Read(Make(kind), mayHoldKey: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_certificate_may_be_der()
    {
        var read = CertificateFile.Read(_world.Root.Certificate.RawData, mayHoldKey: false);

        Assert.Equal(_world.Root.Certificate.Thumbprint, Assert.Single(read).Thumbprint);
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused_or_read_to_its_last_whole_certificate()
    {
        var content = Encoding.UTF8.GetBytes(_two);
        for (var length = 0; length < content.Length - 1; length++)
        {
            try
            {
                // Between the two, what is left is a whole file of one.
                Assert.Single(CertificateFile.Read(content[..length], mayHoldKey: false));
                Assert.InRange(length, _one.Length - 1, _one.Length);
            }
            catch (TrustFileFault)
            {
                Assert.False(length >= _one.Length - 1 && length <= _one.Length, $"refused at {length}");
            }
        }
    }

    private byte[] Make(string kind) => kind switch
    {
        "as tools write it" => Utf8(_two),
        "no end of the last line" => Utf8(_two.TrimEnd()),
        "line ends of Windows" => Utf8(_two.ReplaceLineEndings("\r\n")),
        "a BOM" => [.. Encoding.UTF8.Preamble, .. Utf8(_two)],
        "UTF-16 of Windows" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(_two)],
        "UTF-16, big endian" => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(_two)],
        "UTF-16 without a mark" => Encoding.Unicode.GetBytes(_two),
        "files joined without a line end" => Utf8(_two.Replace(End + "\n", End, StringComparison.Ordinal)),
        "openssl's text before each" => Utf8(_two.Replace(Begin, "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: 5a:f3\n" + Begin, StringComparison.Ordinal)),
        "bag attributes" => Utf8(_two.Replace(Begin, "Bag Attributes\n    friendlyName: begin of a name\nsubject=CN = root\n" + Begin, StringComparison.Ordinal)),
        "comments and rules of a CA bundle" => Utf8("## Bundle of CA Root Certificates\n\nRoot é\n=======\n" + _two.Replace(Begin, "---------------\n# end of comment\n" + Begin, StringComparison.Ordinal)),
        "indented as in YAML" => Utf8("    " + _two.Replace("\n", "\n    ", StringComparison.Ordinal)),
        "an old label" => Utf8(_two.Replace("CERTIFICATE", PemBlock.OldCertificate, StringComparison.Ordinal)),
        "one long line" => Utf8(OneLine(_one) + OneLine(_two[_one.Length..])),
        "parameters of a key beside" => Utf8("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + _two),
        "cut in the second" => Utf8(_two[..^100]),
        "cut in the last line" => Utf8(_two.TrimEnd()[..^1]),
        "cut in the second's first line" => Utf8(_one + "-----BEG"),
        "cut behind the second's label" => Utf8(_one + "-----BEGIN CERTIFICATE--"),
        "cut from the front" => Utf8(_one[(_one.IndexOf('\n', _one.Length - 120) - 40)..]),
        "an END line missing" => Utf8(_two.Remove(_two.IndexOf(End, StringComparison.Ordinal), End.Length + 1)),
        "another label at the end" => Utf8(_one.Replace(End, "-----END X509 CRL-----", StringComparison.Ordinal)),
        "four dashes" => Utf8(_one.Replace("-----", "----", StringComparison.Ordinal)),
        "dashes of a word processor" => Utf8(_one.Replace("-----", "\u2013\u2013\u2013", StringComparison.Ordinal)),
        "lower case" => Utf8(_one.Replace("BEGIN", "Begin", StringComparison.Ordinal).Replace("END", "End", StringComparison.Ordinal)),
        "a space after the dashes" => Utf8(_one.Replace("-----BEGIN", "----- BEGIN", StringComparison.Ordinal)),
        "commented out" => Utf8("# " + _one.Replace("\n", "\n# ", StringComparison.Ordinal)),
        "a letter that is none" => Utf8(Replace(_one, Nth(_one, 2) + 5, '*')),
        "a line taken out" => Utf8(_one.Remove(Nth(_one, 3), Nth(_one, 4) - Nth(_one, 3))),
        "half a group of base64" => Utf8(_one.Remove(Nth(_one, 3) + 1, 2)),
        "an empty block" => Utf8($"{Begin}\n{End}\n"),
        "a block of something else" => Utf8(PemEncoding.WriteString("CERTIFICATE", [1, 2, 3])),
        "bytes behind the certificate" => Utf8(PemEncoding.WriteString("CERTIFICATE", [.. _world.Root.Certificate.RawData, 1, 2, 3])),
        "ends of lines as two letters" => Utf8(_one.Replace("\n", "\\n", StringComparison.Ordinal)),
        "OpenSSL's trusted certificate" => Utf8(_one.Replace("CERTIFICATE", "TRUSTED CERTIFICATE", StringComparison.Ordinal)),
        "PKCS#7 as PEM" => Utf8(_one.Replace("CERTIFICATE", "PKCS7", StringComparison.Ordinal)),
        "PKCS#7 as DER" => new System.Security.Cryptography.X509Certificates.X509Certificate2Collection(_world.Root.Certificate).Export(
            System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs7)!,
        "a CRL beside" => Utf8(_two + PemEncoding.WriteString("X509 CRL", [1, 2, 3])),
        "a private key beside" => Utf8(_two + PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3])),
        "empty" => [],
        "white space" => Utf8(" \r\n\t"),
        "zeros" => new byte[4096],
        "UTF-32" => [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes(_one)],
        "a page" => Utf8("<!DOCTYPE html><title>404</title>"),
        "JSON" => Utf8("""{ "keys": [] }"""),
        "base64 alone, cut off" => Utf8(Convert.ToBase64String(_world.Root.Certificate.RawData)[..^3]),
        "base64 of PEM" => Base64(Utf8(_two)),
        "base64 of PEM in lines" => Utf8(Convert.ToBase64String(Utf8(_two), Base64FormattingOptions.InsertLineBreaks) + "\n"),
        "base64 of PEM with text before" => Base64(Utf8("Bag Attributes\n" + _two)),
        "base64 of base64" => Base64(Base64(Utf8(_two))),
        "a line of a manifest" => Utf8("tls.crt: " + Convert.ToBase64String(Utf8(_two)) + "\n"),
        "base64 of PKCS#12" => Base64(_world.Root.Certificate.Export(X509ContentType.Pkcs12)),
        "base64 of PKCS#7" => Base64(new X509Certificate2Collection(_world.Root.Certificate).Export(X509ContentType.Pkcs7)!),
        "base64 of a CRL" => Base64(_world.Root.IssueCrl([]).Der.ToArray()),
        "noise" => [0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 0xFE],
        "an ELF file" => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 3],
        "base64 of a text" => Base64(Utf8("a text")),
        "base64 alone" => Utf8(Convert.ToBase64String(_world.Root.Certificate.RawData)),
        "a Java keystore" => [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 0],
        "compressed" => Compress(Utf8(_one)),
        "a manifest" => Utf8("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: LS0t\n"),
        "DER cut off" => _world.Root.Certificate.RawData[..^10],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such file."),
    };

    private static byte[] Base64(byte[] content) => Utf8(Convert.ToBase64String(content));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string OneLine(string pem) => $"{Begin}{pem.Replace(Begin, "", StringComparison.Ordinal).Replace(End, "", StringComparison.Ordinal).ReplaceLineEndings("")}{End}";

    private static int Nth(string text, int line) => text.Split('\n').Take(line).Sum(part => part.Length + 1);

    private static string Replace(string text, int at, char letter) => $"{text[..at]}{letter}{text[(at + 1)..]}";

    private static byte[] Compress(byte[] content)
    {
        using var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionMode.Compress))
        {
            zip.Write(content);
        }

        return target.ToArray();
    }
}
