using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;

namespace ZeroTrust.IntegrationTests.Mesh;

/// <summary>Passes a call of a user on to orders.</summary>
internal sealed class OrdersClient(HttpClient client)
{
    public async Task<IResult> ForwardAsync(HttpContext call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Request.Method), new Uri(call.Request.Path, UriKind.Relative));
        if (HttpMethods.IsPost(call.Request.Method))
        {
            request.Content = JsonContent.Create(await call.Request.ReadFromJsonAsync<NewOrder>(call.RequestAborted));
        }

        try
        {
            using var response = await client.SendAsync(request, call.RequestAborted);
            return Results.Text(await response.Content.ReadAsStringAsync(call.RequestAborted), "application/json", statusCode: (int)response.StatusCode);
        }
        catch (HttpRequestException failure)
        {
            return Failures.ToResult(failure);
        }
    }
}
