namespace ZeroTrust.Samples.Orders;

/// <summary>What a caller asks for.</summary>
internal sealed record NewOrder(string? Product, int Quantity, string? Email, string? Card);
