using System.Buffers;

namespace ZeroTrust.Redaction.Names;

/// <summary>Whose keys and logins are drawn, so that <c>key</c> alone is telling beside the name.</summary>
internal static class Vendors
{
    public static readonly SearchValues<string> Names = SearchValues.Create(
        [
            "adafruit", "adobe", "airtable", "algolia", "alibaba", "artifactory", "asana", "atlassian", "jira", "confluence", "authress",
            "aws", "azure", "beamer",
            "bitbucket", "bittrex", "cisco", "clickhouse", "clojars", "cloudant", "cloudflare", "codecov", "cohere", "coinbase",
            "confluent", "contentful", "databricks",
            "datadog", "discord", "doppler", "drone", "dropbox", "dynatrace", "easypost", "etsy", "facebook", "fastly", "finicity",
            "finnhub", "flickr", "flutterwave",
            "freshbooks", "github", "gitlab", "gitter", "gocardless", "grafana", "harness", "hashicorp", "heroku", "hubspot",
            "huggingface", "iam", "ibm", "infracost", "intercom",
            "jfrog", "kraken", "kucoin", "launchdarkly", "linear", "linkedin", "looker", "mailchimp", "mailgun", "mapbox", "mattermost",
            "maxmind", "meraki",
            "messagebird", "netlify", "newrelic", "notion", "nytimes", "octopus", "okta", "openai", "perplexity", "plaid", "planetscale",
            "postman", "prefect",
            "privateai", "pulumi", "rapidapi", "readme", "rubygems", "scalingo", "sendbird", "sendgrid", "sendinblue", "sentry",
            "shippo", "shopify", "sidekiq",
            "slack", "snyk", "softlayer", "sonar", "sourcegraph", "square", "stripe", "sumo", "telegram", "travis", "trello", "twilio",
            "twitch", "twitter", "typeform",
            "vault", "yandex", "zendesk",
        ],
        StringComparison.Ordinal);
}
