using System.Security.Cryptography;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>Scenario 16: what people would not want to see in telemetry, sent through endpoints that record it.</summary>
internal static class TelemetryScenario
{
    public static IEnumerable<Scenario> All => [new(16, "telemetry holds none of the canaries", PlayAsync)];

    private static async Task PlayAsync(Stage stage, CancellationToken cancellationToken)
    {
        var telemetry = stage.Mesh.Telemetry;
        var token = await stage.TokenAsync(User.Alice, cancellationToken);
        var (query, attribute, exception) = (Email("query"), Email("attribute"), Email("exception"));
        var card = Card();
        var (queryTrace, attributeTrace, exceptionTrace) = (Trace(), Trace(), Trace());

        var found = await stage.GatewayAsync(
            HttpMethod.Get,
            $"{Stage.OrdersOf("acme")}?email={query}&access_token={token}",
            Traced(token, queryTrace),
            cancellationToken);
        stage.Note("in a URL", "200", found.Text);
        var placed = await stage.GatewayAsync(
            HttpMethod.Post,
            Stage.OrdersOf("acme"),
            Traced(token, attributeTrace),
            cancellationToken,
            $$"""{ "product": "lamp", "quantity": 1, "email": "{{attribute}}", "card": "{{card}}" }""");
        stage.Note("in an attribute and a log message", "201", placed.Text);
        var failed = await stage.GatewayAsync(
            HttpMethod.Post,
            Stage.OrdersOf("acme"),
            Traced(token, exceptionTrace),
            cancellationToken,
            $$"""{ "product": "unobtainium", "quantity": 1, "email": "{{exception}}", "card": "{{card}}" }""");
        stage.Note("in an exception message", "500", failed.Text);

        // Only what has arrived proves anything: the spans, logs and exception that these three calls made must be there.
        var arrived = true;
        foreach (var trace in new[] { queryTrace, attributeTrace, exceptionTrace })
        {
            arrived &= await telemetry.WaitForSpanAsync("orders", trace, cancellationToken)
                && await telemetry.WaitForSpanAsync("gateway", trace, cancellationToken)
                && await telemetry.WaitForLogAsync("gateway", trace, "goes to Orders", cancellationToken);
        }

        arrived &= await telemetry.WaitForLogAsync("orders", attributeTrace, "Order of", cancellationToken)
            && await telemetry.WaitForLogAsync("orders", exceptionTrace, "Order of", cancellationToken);
        stage.Note("spans and logs of the three calls", "arrived", arrived ? "arrived" : "incomplete");
        stage.Note("the attribute", "arrived", telemetry.Attribute(attributeTrace, "customer.email") is null ? "absent" : "arrived");
        stage.Note("the exception", "arrived", telemetry.HasException(exceptionTrace) ? "arrived" : "absent");

        var everything = new (string Name, string Value)[]
        {
            ("query", query),
            ("query, encoded", Uri.EscapeDataString(query)),
            ("attribute", attribute),
            ("exception", exception),
            ("card", card),
            ("the user's token", token),
            ("the user's token, signature", token[(token.LastIndexOf('.') + 1)..]),
        };
        var leaked = everything.Where(canary => telemetry.Contains(canary.Value)).Select(static canary => canary.Name).ToArray();
        stage.Note($"canaries in {telemetry.ReceivedBytes / 1024} KiB of OTLP", "none", leaked.Length == 0 ? "none" : string.Join(", ", leaked));
    }

    private static KeyValuePair<string, string>[] Traced(string token, string trace) =>
        [.. Stage.Bearer(token), new("traceparent", $"00-{trace}-00f067aa0ba902b7-01")];

    private static string Trace() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Email(string name) => $"{name}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}@canary.example";

    // Sixteen digits with a right check digit, as a card has.
    private static string Card()
    {
        var digits = "4" + RandomNumberGenerator.GetString("0123456789", 14);
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[i] - '0';
            var doubled = i % 2 == 0 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return digits + (10 - sum % 10) % 10;
    }
}
