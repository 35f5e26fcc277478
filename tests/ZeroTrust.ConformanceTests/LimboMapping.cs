using System.Net;
using System.Security.Cryptography;
using ZeroTrust.X509;

namespace ZeroTrust.ConformanceTests;

/// <summary>Maps a case of x509-limbo to what the validator takes.</summary>
internal static class LimboMapping
{
    private static readonly HashSet<string> KnownFeatures = new(StringComparer.Ordinal)
    {
        "denial-of-service",
        "has-crl",
        "has-policy-constraints",
        "max-chain-depth",
        "name-constraint-dn",
        "pedantic-public-suffix-wildcard",
        "pedantic-rfc5280",
        "pedantic-serial-number",
        "pedantic-webpki-eku",
        "pedantic-webpki-subscriber-key",
        "rfc5280-incompatible-with-webpki",
    };

    private static readonly Dictionary<string, string> Purposes = new(StringComparer.Ordinal)
    {
        ["anyExtendedKeyUsage"] = "2.5.29.37.0",
        ["serverAuth"] = KeyPurposes.ServerAuth,
        ["clientAuth"] = KeyPurposes.ClientAuth,
        ["codeSigning"] = "1.3.6.1.5.5.7.3.3",
        ["emailProtection"] = "1.3.6.1.5.5.7.3.4",
        ["timeStamping"] = "1.3.6.1.5.5.7.3.8",
        ["OCSPSigning"] = "1.3.6.1.5.5.7.3.9",
    };

    public static ConformanceCase Map(LimboCase test, HashSet<string> either)
    {
        if (WhyUnrunnable(test) is { } why)
        {
            return ConformanceCase.Skip(test.Id, why) with { Key = test.PeerCertificateKey };
        }

        var mapped = new ConformanceCase
        {
            Id = test.Id,
            Description = test.Description ?? "",
            Accepted = test.ExpectedResult == "SUCCESS",
            EitherAnswer = either.Contains(test.Id),
            Important = test.Importance is "critical" or "high",
            Leaf = Decode("CERTIFICATE", test.PeerCertificate!).First(),
            Key = test.PeerCertificateKey,
            Intermediates = DecodeAll("CERTIFICATE", test.UntrustedIntermediates),
            Anchors = DecodeAll("CERTIFICATE", test.TrustedCerts),
            Crls = DecodeAll("X509 CRL", test.Crls),
            Time = test.ValidationTime ?? TimeProvider.System.GetUtcNow(),
        };
        try
        {
            return mapped with { Policies = PoliciesOf(test) };
        }
        catch (ArgumentException exception)
        {
            return mapped with { Unaskable = exception.Message };
        }
    }

    private static string? WhyUnrunnable(LimboCase test)
    {
        var features = (test.Features ?? []).Where(feature => !KnownFeatures.Contains(feature)).ToArray();
        var purposes = (test.ExtendedKeyUsage ?? []).Where(purpose => !Purposes.ContainsKey(purpose)).ToArray();
        var kinds = NamesOf(test).Select(name => name.Kind).Where(kind => kind is not ("DNS" or "IP" or "RFC822")).ToArray();
        return test switch
        {
            { ExpectedResult: not ("SUCCESS" or "FAILURE") } => $"unknown expected_result: {test.ExpectedResult}",
            { ValidationKind: not ("SERVER" or "CLIENT") } => $"unknown validation_kind: {test.ValidationKind}",
            { PeerCertificate: null } => "no peer_certificate",
            { KeyUsage.Length: > 0 } => $"a required key_usage cannot be expressed: {string.Join(", ", test.KeyUsage)}",
            { SignatureAlgorithms.Length: > 0 } => $"signature_algorithms cannot be expressed: {string.Join(", ", test.SignatureAlgorithms)}",
            _ when features.Length > 0 => $"unknown feature: {string.Join(", ", features)}",
            _ when purposes.Length > 0 => $"unknown extended_key_usage: {string.Join(", ", purposes)}",
            _ when kinds.Length > 0 => $"unknown kind of peer name: {string.Join(", ", kinds)}",
            _ => null,
        };
    }

    private static PathPolicy[] PoliciesOf(LimboCase test)
    {
        var policy = new PathPolicy
        {
            Profile = test.Id.StartsWith("rfc5280::", StringComparison.Ordinal) ? PathProfile.Rfc5280 : PathProfile.Strict,
            BaselineRequirements = IsOnline(test) || test.Id.StartsWith("webpki::", StringComparison.Ordinal),

            // The default leaf of the corpus has the common name example.com beside any alternative name, so only cases about it mean it.
            CommonName = test.Id.StartsWith("webpki::cn::", StringComparison.Ordinal) ? CommonNameRule.RepeatsAlternativeName : CommonNameRule.Ignored,
            Expected = [.. NamesOf(test).Select(Identify)],
            WildcardDomains = WildcardDomainsOf(test),
            Revocation = test.Crls is { Length: > 0 } ? RevocationMode.HardFail : RevocationMode.None,
        };
        policy = test.MaxChainDepth is { } depth ? policy with { MaxIntermediates = depth } : policy;
        var asked = test.ExtendedKeyUsage is { Length: > 0 } stated ? stated : [test.ValidationKind == "SERVER" ? "serverAuth" : "clientAuth"];
        return [.. asked.Select(purpose => policy with { Purpose = Purposes[purpose] })];
    }

    private static IEnumerable<LimboCase.LimboName> NamesOf(LimboCase test) =>
        (test.ExpectedPeerName is { } name ? [name] : Array.Empty<LimboCase.LimboName>()).Concat(test.ExpectedPeerNames ?? []);

    private static ReferenceIdentifier Identify(LimboCase.LimboName name) => name.Kind switch
    {
        "DNS" => ReferenceIdentifier.Dns(name.Value),
        "IP" => IPAddress.TryParse(name.Value, out var address) ? ReferenceIdentifier.Ip(address) : throw new ArgumentException($"Not an address: {name.Value}", nameof(name)),
        _ => ReferenceIdentifier.Email(name.Value),
    };

    /// <summary>An operator names his own domains: that of the synthetic cases, or the one above the live server's name if that is no top-level domain.</summary>
    private static string[] WildcardDomainsOf(LimboCase test)
    {
        if (!IsOnline(test))
        {
            return ["example.com"];
        }

        var above = NamesOf(test).Where(name => name.Kind == "DNS").Select(name => name.Value[(name.Value.IndexOf('.', StringComparison.Ordinal) + 1)..]);
        return [.. above.Where(domain => domain.Contains('.', StringComparison.Ordinal))];
    }

    private static bool IsOnline(LimboCase test) => test.Id.StartsWith("online::", StringComparison.Ordinal);

    private static ReadOnlyMemory<byte>[] DecodeAll(string label, string[]? texts) => [.. (texts ?? []).SelectMany(text => Decode(label, text))];

    private static List<ReadOnlyMemory<byte>> Decode(string label, string text)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (!rest[fields.Label].SequenceEqual(label))
            {
                throw new FormatException($"A {rest[fields.Label]} where a {label} belongs.");
            }

            found.Add(Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            rest = rest[fields.Location.End..];
        }

        return found.Count > 0 ? found : throw new FormatException($"No {label} in PEM.");
    }
}
