namespace ZeroTrust.Samples.Tour.Output;

/// <summary>Where the Tour says what it does.</summary>
internal interface IReport
{
    /// <summary>What is being done now, for a person who waits.</summary>
    void Progress(string message);

    /// <summary>A scenario is over.</summary>
    void Add(Row row);

    /// <summary>All scenarios are over.</summary>
    void Finish();
}
