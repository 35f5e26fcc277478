namespace ZeroTrust.Samples.Tour;

/// <summary>The Tour cannot go on; the message is for the person who runs it.</summary>
internal sealed class TourException(string message) : Exception(message);
