namespace ZeroTrust.Redaction.Detectors;

/// <summary>A part of a text that must go.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Length">Its length, at least 1.</param>
/// <param name="Marker">What takes its place.</param>
internal readonly record struct Finding(int Start, int Length, string Marker);
