namespace ZeroTrust.Samples.Tour.Scenarios;

/// <summary>One numbered scenario and how to play it.</summary>
internal sealed record Scenario(int Number, string Title, Func<Stage, CancellationToken, Task> PlayAsync);
