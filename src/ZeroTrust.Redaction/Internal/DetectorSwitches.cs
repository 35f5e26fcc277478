using ZeroTrust.Redaction.Detectors;

namespace ZeroTrust.Redaction.Internal;

/// <summary>What the options say of each detector.</summary>
internal static class DetectorSwitches
{
    public static DetectorKinds Read(RedactionDetectors options) =>
        If(options.PrivateKeys, DetectorKinds.PrivateKeys)
        | If(options.UrlUsers, DetectorKinds.UrlUsers)
        | If(options.UrlQueries, DetectorKinds.UrlQueries)
        | If(options.Credentials, DetectorKinds.Credentials)
        | If(options.SignedTokens, DetectorKinds.SignedTokens)
        | If(options.VendorTokens, DetectorKinds.VendorTokens)
        | If(options.CommandLines, DetectorKinds.CommandLines)
        | If(options.NamedSecrets, DetectorKinds.NamedSecrets)
        | If(options.Emails, DetectorKinds.Emails)
        | If(options.Ibans, DetectorKinds.Ibans)
        | If(options.Cards, DetectorKinds.Cards)
        | If(options.Phones, DetectorKinds.Phones)
        | If(options.NationalIds, DetectorKinds.NationalIds)
        | If(options.Passports, DetectorKinds.Passports)
        | If(options.IpAddresses, DetectorKinds.IpAddresses)
        | If(options.OneTimeCodes, DetectorKinds.OneTimeCodes);

    /// <summary>The detectors that are on by default and were switched off.</summary>
    public static IEnumerable<DetectorKinds> SwitchedOff(RedactionDetectors options)
    {
        var missing = DetectorKinds.Default & ~Read(options);
        return Enum.GetValues<DetectorKinds>().Where(kind => int.IsPow2((int)kind) && missing.HasFlag(kind));
    }

    private static DetectorKinds If(bool isOn, DetectorKinds kind) => isOn ? kind : DetectorKinds.None;
}
