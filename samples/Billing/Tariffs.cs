using System.Text.Json;

namespace ZeroTrust.Samples.Billing;

/// <summary>The tax to add, kept in a file that operations may replace at any time.</summary>
internal sealed class Tariffs(IConfiguration configuration)
{
    private readonly string _file = configuration["Billing:TariffsFile"]
        ?? throw new InvalidOperationException("Billing:TariffsFile is not set.");

    public async Task<int> ReadTaxPercentAsync(CancellationToken cancellationToken)
    {
        var json = await File.ReadAllBytesAsync(_file, cancellationToken);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("taxPercent").GetInt32();
    }
}
