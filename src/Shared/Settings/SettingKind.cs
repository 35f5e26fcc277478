namespace ZeroTrust.Shared;

/// <summary>What a setting holds.</summary>
internal enum SettingKind
{
    /// <summary>A part of the tree that another package reads; not looked into.</summary>
    Foreign,

    /// <summary>Any text on one line.</summary>
    Text,

    /// <summary>The path of a file; its content is none.</summary>
    File,

    /// <summary>Text that no message may repeat.</summary>
    Secret,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A time span.</summary>
    Time,

    /// <summary>One of a few names.</summary>
    Choice,

    /// <summary>Numbered entries.</summary>
    List,

    /// <summary>Entries under names that the operator chooses.</summary>
    Names,

    /// <summary>Settings under known names.</summary>
    Section,
}
