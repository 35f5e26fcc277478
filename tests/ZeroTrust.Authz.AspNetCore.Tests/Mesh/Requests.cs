using System.Text.Json;

namespace ZeroTrust.Authz.Tests.Mesh;

internal static class Requests
{
    public static HttpRequestMessage Get(string path, TxnHeaders? headers = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        return headers is null ? request : request.With(headers);
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, TxnHeaders headers) => request
        .With(TxnHeaderNames.Token, headers.Token).With(TxnHeaderNames.Chain, headers.Chain).With(TxnHeaderNames.Certs, headers.Certs);

    public static HttpRequestMessage With(this HttpRequestMessage request, string name, string value)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return request;
    }

    /// <summary>Sends and returns the status and the rejection code, empty where there is none; a refusal must carry nothing else.</summary>
    public static async Task<(int Status, string Code)> AskAsync(this HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            {
                return ((int)response.StatusCode, string.Empty);
            }

            using var problem = JsonDocument.Parse(body);
            var code = problem.RootElement.GetProperty("code").GetString()!;
            Assert.Equal("urn:zerotrust:rejection:" + code, problem.RootElement.GetProperty("type").GetString());
            Assert.False(problem.RootElement.TryGetProperty("detail", out _));
            return ((int)response.StatusCode, code);
        }
    }
}
