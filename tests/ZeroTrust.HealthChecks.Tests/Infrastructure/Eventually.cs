namespace ZeroTrust.HealthChecks.Tests.Infrastructure;

/// <summary>Polls for something that must come true, up to a generous deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task IsTrueAsync(Func<bool> condition) => IsTrueAsync(() => Task.FromResult(condition()));

    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, "It did not come true in time.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
