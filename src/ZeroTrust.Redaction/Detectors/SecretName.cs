using System.Buffers;

namespace ZeroTrust.Redaction.Detectors;

/// <summary>Tells from the last words of a name, in any casing and with any separators, whether a secret stands behind it.</summary>
internal static class SecretName
{
    public const int MaxLength = 64;
    private const int Letters = 26;
    private const int CaseBit = 0x20;

    private static readonly (string Word, SecretKind Kind, bool IsWhole)[] Words =
    [
        ("password", SecretKind.Any, false), ("passwd", SecretKind.Any, false), ("pwd", SecretKind.Any, true), ("pass", SecretKind.Any, true),
        ("passphrase", SecretKind.Any, false), ("passcode", SecretKind.Any, false), ("passwort", SecretKind.Any, false), ("secret", SecretKind.Any, false),
        ("secretkey", SecretKind.Any, false), ("credential", SecretKind.Any, false), ("credentials", SecretKind.Any, false),
        ("privatekey", SecretKind.Any, false), ("accountkey", SecretKind.Any, false), ("sharedaccesskey", SecretKind.Any, false),
        ("sharedaccesssignature", SecretKind.Any, false), ("cvv", SecretKind.Any, true), ("cvc", SecretKind.Any, true), ("ssn", SecretKind.Any, true),
        ("token", SecretKind.Random, false), ("apikey", SecretKind.Random, false), ("accesskey", SecretKind.Random, false), ("authkey", SecretKind.Random, false),
        ("signingkey", SecretKind.Random, false), ("encryptionkey", SecretKind.Random, false), ("masterkey", SecretKind.Random, false),
        ("sessionkey", SecretKind.Random, false), ("storagekey", SecretKind.Random, false), ("servicekey", SecretKind.Random, false),
        ("licensekey", SecretKind.Random, false), ("subscriptionkey", SecretKind.Random, false), ("functionkey", SecretKind.Random, false),
        ("consumerkey", SecretKind.Random, false), ("appkey", SecretKind.Random, false), ("applicationkey", SecretKind.Random, false),
        ("clientkey", SecretKind.Random, false), ("adminkey", SecretKind.Random, false), ("deploykey", SecretKind.Random, false),
        ("rolekey", SecretKind.Random, false), ("webhookkey", SecretKind.Random, false), ("hmackey", SecretKind.Random, false),
        ("sessionid", SecretKind.Random, false), ("auth", SecretKind.Random, true), ("sig", SecretKind.Random, true), ("jwt", SecretKind.Random, true),
        ("authorization", SecretKind.Line, false), ("cookie", SecretKind.Line, false), ("txntoken", SecretKind.Line, false), ("txnchain", SecretKind.Line, false), ("txncerts", SecretKind.Line, false),
    ];

    /// <summary>Tokens that open nothing: places in a list, and what a form repeats beside the session that it belongs to.</summary>
    private static readonly string[] HarmlessTokens =
        ["pagetoken", "nexttoken", "continuationtoken", "cancellationtoken", "synctoken", "csrftoken", "xsrftoken", "authenticitytoken", "antiforgerytoken", "jsonwebtoken"];

    /// <summary>The words by their last letter, the longest first.</summary>
    private static readonly (string Word, SecretKind Kind, bool IsWhole)[][] ByLastLetter =
        [.. Enumerable.Range('a', Letters).Select(static letter => Words.Where(word => word.Word[^1] == letter).OrderByDescending(static word => word.Word.Length).ToArray())];

    /// <summary>What is telling beside the name of a vendor.</summary>
    private static readonly string[] VendorWords = ["key", "login", "accessid"];

    /// <summary>Whose keys and logins are drawn, so that <c>key</c> alone is telling beside the name.</summary>
    private static readonly SearchValues<string> Vendors = SearchValues.Create(
        [
            "adafruit", "adobe", "airtable", "algolia", "alibaba", "artifactory", "asana", "atlassian", "jira", "confluence", "authress", "aws", "azure", "beamer",
            "bitbucket", "bittrex", "cisco", "clickhouse", "clojars", "cloudant", "cloudflare", "codecov", "cohere", "coinbase", "confluent", "contentful", "databricks",
            "datadog", "discord", "doppler", "drone", "dropbox", "dynatrace", "easypost", "etsy", "facebook", "fastly", "finicity", "finnhub", "flickr", "flutterwave",
            "freshbooks", "github", "gitlab", "gitter", "gocardless", "grafana", "harness", "hashicorp", "heroku", "hubspot", "huggingface", "iam", "ibm", "infracost", "intercom",
            "jfrog", "kraken", "kucoin", "launchdarkly", "linear", "linkedin", "looker", "mailchimp", "mailgun", "mapbox", "mattermost", "maxmind", "meraki",
            "messagebird", "netlify", "newrelic", "notion", "nytimes", "octopus", "okta", "openai", "perplexity", "plaid", "planetscale", "postman", "prefect",
            "privateai", "pulumi", "rapidapi", "readme", "rubygems", "scalingo", "sendbird", "sendgrid", "sendinblue", "sentry", "shippo", "shopify", "sidekiq",
            "slack", "snyk", "softlayer", "sonar", "sourcegraph", "square", "stripe", "sumo", "telegram", "travis", "trello", "twilio", "twitch", "twitter", "typeform",
            "vault", "yandex", "zendesk",
        ],
        StringComparison.Ordinal);

    /// <summary>What the last three letters of a telling name can be.</summary>
    private static readonly bool[] Ends = IndexEnds();

    /// <summary>What the last words of the name tell.</summary>
    /// <param name="name">The name, at most <see cref="MaxLength"/> characters.</param>
    public static SecretKind Classify(ReadOnlySpan<char> name)
    {
        name = WithoutSuffix(name);
        if (!MayEndTelling(name))
        {
            return SecretKind.None;
        }

        Span<char> letters = stackalloc char[MaxLength];
        var (count, lastWord) = (0, 0);
        for (var i = 0; i < name.Length && count < letters.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]))
            {
                lastWord = count;
                continue;
            }

            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && !char.IsAsciiLetterUpper(name[i - 1]))
            {
                lastWord = count;
            }

            letters[count++] = char.ToLowerInvariant(name[i]);
        }

        return Classify(letters[..count], lastWord);
    }

    private static SecretKind Classify(ReadOnlySpan<char> letters, int lastWord)
    {
        foreach (var word in ByLastLetter[letters[^1] - 'a'])
        {
            if (word.IsWhole ? letters[lastWord..].SequenceEqual(word.Word) : letters.EndsWith(word.Word))
            {
                return word.Word == "token" && EndsWithAny(letters, HarmlessTokens) ? SecretKind.None : word.Kind;
            }
        }

        return letters.ContainsAny(Vendors) && EndsWithAny(letters, VendorWords) ? SecretKind.Random : SecretKind.None;
    }

    /// <summary>Most names end otherwise, which their last three letters show.</summary>
    private static bool MayEndTelling(ReadOnlySpan<char> name)
    {
        var third = LastLetter(name);
        var second = LastLetter(name[..Math.Max(0, third)]);
        var first = LastLetter(name[..Math.Max(0, second)]);
        return first >= 0 && Ends[End(name[first], name[second], name[third])];
    }

    /// <summary>Where the last letter is, separators behind it left out; negative where a digit comes first, or nothing.</summary>
    private static int LastLetter(ReadOnlySpan<char> name)
    {
        var at = name.Length - 1;
        while (at >= 0 && !char.IsAsciiLetterOrDigit(name[at]))
        {
            at--;
        }

        return at >= 0 && char.IsAsciiLetter(name[at]) ? at : -1;
    }

    private static int End(char first, char second, char third) => ((((first | CaseBit) - 'a') * Letters) + (second | CaseBit) - 'a') * Letters + (third | CaseBit) - 'a';

    private static bool[] IndexEnds()
    {
        var ends = new bool[Letters * Letters * Letters];
        foreach (var word in Words.Select(static word => word.Word).Concat(VendorWords))
        {
            ends[End(word[^3], word[^2], word[^1])] = true;
        }

        return ends;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> letters, string[] words)
    {
        foreach (var word in words)
        {
            if (letters.EndsWith(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>token1</c>, <c>secret_value</c> and <c>password_</c> are a token, a secret and a password.</summary>
    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> name)
    {
        if (name is [.., not ('e' or 'E')] && char.IsAsciiLetter(name[^1]))
        {
            return name;
        }

        name = name.TrimEnd("0123456789_-.");
        return name.Length > 5 && name.EndsWith("value", StringComparison.OrdinalIgnoreCase) ? name[..^5].TrimEnd("_-.") : name;
    }
}
