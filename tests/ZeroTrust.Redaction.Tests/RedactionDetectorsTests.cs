using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ZeroTrust.Redaction.Tests;

public sealed class RedactionDetectorsTests
{
    [Fact]
    public void Token_of_the_configuration_is_found()
    {
        var options = new RedactionOptions();
        options.TokenShapes.Add(new RedactionTokenShape { Vendor = "acme", Pattern = "acme_[a-z0-9]{12}" });
        options.TokenShapes.Add(new RedactionTokenShape { Vendor = "other", Pattern = "X-Other: ([0-9]{8,10})" });
        var policy = RedactionPolicy.Create(options);

        Assert.Equal("got [token:acme] and X-Other: [token:other]", policy.RedactText("got acme_aaaaaaaaaaa1 and X-Other: 12345678"));
        Assert.Equal("acme_aaaaaaaaaaa12 zacme_aaaaaaaaaaa1", policy.RedactText("acme_aaaaaaaaaaa12 zacme_aaaaaaaaaaa1"));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Switched_off_detector_is_warned_about_at_start(bool cards, int expected)
    {
        var log = new Recording();
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ZeroTrust:Redaction:Detectors:Cards"] = cards.ToString(),
            ["ZeroTrust:Redaction:Detectors:Phones"] = "true",
        });
        builder.Logging.AddProvider(log);
        builder.Services.AddRedactionPolicy();
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        const string Warning = "The configuration has switched off a detector, Cards; what it would find leaves";
        Assert.Equal(Enumerable.Repeat(Warning, expected), log.Warnings, StringComparer.Ordinal);
        var policy = host.Services.GetRequiredService<RedactionPolicyProvider>().Current;
        Assert.Equal(cards ? "[card] [phone]" : "4111111111111111 [phone]", policy.RedactText("4111111111111111 +4915859893998"));
    }

    private sealed class Recording : ILoggerProvider, ILogger
    {
        public List<string> Warnings { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
