using System.Buffers;

namespace ZeroTrust.OpenTelemetry.Detectors;

/// <summary>Tells from the last words of a name, in any casing and with any separators, whether a secret stands behind it.</summary>
internal static class SecretName
{
    public const int MaxLength = 64;
    private const int Letters = 26;

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

    /// <summary>The words by their last two letters, the longest first.</summary>
    private static readonly (string Word, SecretKind Kind, bool IsWhole)[][] ByEnd =
        [.. Enumerable.Range(0, Letters * Letters).Select(static end => Words.Where(word => End(word.Word) == end).OrderByDescending(static word => word.Word.Length).ToArray())];

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

    /// <summary>What the last words of the name tell.</summary>
    /// <param name="name">The name, at most <see cref="MaxLength"/> characters.</param>
    public static SecretKind Classify(ReadOnlySpan<char> name)
    {
        name = WithoutSuffix(name);
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

        return count == 0 ? SecretKind.None : Classify(letters[..count], lastWord);
    }

    private static SecretKind Classify(ReadOnlySpan<char> letters, int lastWord)
    {
        if (letters.Length < 2 || !char.IsAsciiLetterLower(letters[^1]) || !char.IsAsciiLetterLower(letters[^2]))
        {
            return SecretKind.None;
        }

        foreach (var word in ByEnd[End(letters)])
        {
            if (word.IsWhole ? letters[lastWord..].SequenceEqual(word.Word) : letters.EndsWith(word.Word))
            {
                return word.Word == "token" && IsHarmlessToken(letters) ? SecretKind.None : word.Kind;
            }
        }

        return (letters.EndsWith("key") || letters.EndsWith("login") || letters.EndsWith("accessid")) && letters.ContainsAny(Vendors) ? SecretKind.Random : SecretKind.None;
    }

    private static int End(ReadOnlySpan<char> letters) => ((letters[^2] - 'a') * Letters) + letters[^1] - 'a';

    private static bool IsHarmlessToken(ReadOnlySpan<char> letters)
    {
        foreach (var token in HarmlessTokens)
        {
            if (letters.EndsWith(token))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>token1</c>, <c>secret_value</c> and <c>password_</c> are a token, a secret and a password.</summary>
    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> name)
    {
        name = name.TrimEnd("0123456789_-.");
        return name.Length > 5 && name.EndsWith("value", StringComparison.OrdinalIgnoreCase) ? name[..^5].TrimEnd("_-.") : name;
    }
}
