namespace ZeroTrust.Shared;

/// <summary>One thing that is wrong in the configuration.</summary>
/// <param name="Key">The key below the section, as the configuration has it; empty for the section itself.</param>
/// <param name="Message">The full path and what is wrong there.</param>
internal readonly record struct SettingFault(string Key, string Message);
