using System.Net;
using System.Text.Json;

namespace ZeroTrust.IntegrationTests.InMemory;

internal static class ServiceCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Gets once the service is ready: the status and the body, or the code where it was refused.</summary>
    public static async Task<(HttpStatusCode Status, string? Body)> CallAsync(this HttpClient client, string path)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (true)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), deadline.Token);
            var body = await response.Content.ReadAsStringAsync(deadline.Token);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return (response.StatusCode, response.IsSuccessStatusCode ? body : JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
            }

            // Readiness is polled after the start.
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
