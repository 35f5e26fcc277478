using System.Text;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using ZeroTrust.Samples.Billing.Protos;
using ZeroTrust.Samples.Orders.Protos;
using ZeroTrust.Samples.Tour.Mesh;

namespace ZeroTrust.Samples.Tour.Attack;

/// <summary>What a gRPC call came back with: its status in upper case, and the reason of its <c>google.rpc.ErrorInfo</c>.</summary>
internal sealed record RpcAnswer(string Text, string? Code);

/// <summary>Calls the services' gRPC methods with any identity and any headers.</summary>
internal sealed class Rpc(Outsider client, int port)
{
    public Task<RpcAnswer> GetOrderAsync(
        string orderId, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken) => CallAsync(
            channel => new OrderBook.OrderBookClient(channel)
                .GetOrderAsync(new GetOrderRequest { OrderId = orderId }, ToMetadata(headers), cancellationToken: cancellationToken)
                .ResponseAsync);

    public Task<RpcAnswer> CreateInvoiceAsync(
        IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken) => CallAsync(
            channel => new Invoices.InvoicesClient(channel)
                .CreateInvoiceAsync(
                    new CreateInvoiceRequest { OrderId = "forged", AmountMinor = 1, Currency = "EUR" },
                    ToMetadata(headers),
                    cancellationToken: cancellationToken)
                .ResponseAsync);

    private async Task<RpcAnswer> CallAsync<T>(Func<GrpcChannel, Task<T>> call)
    {
        using var channel = GrpcChannel.ForAddress(Addresses.Https(port), new GrpcChannelOptions { HttpHandler = client.Handler });
        try
        {
            await call(channel);
            return new RpcAnswer("OK", null);
        }
        catch (RpcException failure)
        {
            return new RpcAnswer(Name(failure.StatusCode), failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
        }
    }

    private static Metadata ToMetadata(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var metadata = new Metadata();
        foreach (var (name, value) in headers)
        {
            metadata.Add(name, value);
        }

        return metadata;
    }

    // PermissionDenied -> PERMISSION_DENIED
    private static string Name(StatusCode code)
    {
        var text = new StringBuilder();
        foreach (var letter in code.ToString())
        {
            text.Append(text.Length > 0 && char.IsUpper(letter) ? "_" : "").Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }
}
