namespace ZeroTrust.Redaction.Detectors;

/// <summary>The detectors that are switched on.</summary>
[Flags]
internal enum DetectorKinds
{
    None = 0,
    PrivateKeys = 1,
    UrlUsers = 1 << 1,
    UrlQueries = 1 << 2,
    Credentials = 1 << 3,
    SignedTokens = 1 << 4,
    VendorTokens = 1 << 5,
    CommandLines = 1 << 6,
    NamedSecrets = 1 << 7,
    Emails = 1 << 8,
    Ibans = 1 << 9,
    Cards = 1 << 10,
    Phones = 1 << 11,
    NationalIds = 1 << 12,
    Passports = 1 << 13,
    IpAddresses = 1 << 14,
    OneTimeCodes = 1 << 15,

    /// <summary>Those that are on without a word.</summary>
    Default = (1 << 11) - 1,

    /// <summary>Those that have to be asked for.</summary>
    Optional = Phones | NationalIds | Passports | IpAddresses | OneTimeCodes,
}
