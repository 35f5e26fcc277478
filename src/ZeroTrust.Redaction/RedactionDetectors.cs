namespace ZeroTrust.Redaction;

/// <summary>Which of the built-in detectors look at texts.</summary>
/// <remarks>
/// One that is on by default and switched off lets through what it would find; it is logged as a warning at every start (event 5200).
/// </remarks>
public sealed class RedactionDetectors
{
    /// <summary>Private keys: text armours, also in base64, private members of JSON Web Keys, private lines of PuTTY.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool PrivateKeys { get; set; } = true;

    /// <summary>User and password of a URL.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool UrlUsers { get; set; } = true;

    /// <summary>Query and fragment of a URL.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool UrlQueries { get; set; } = true;

    /// <summary>Credentials behind an authentication scheme.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Credentials { get; set; } = true;

    /// <summary>JSON Web Tokens and SAML assertions.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool SignedTokens { get; set; } = true;

    /// <summary>Tokens of vendors by their shape.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool VendorTokens { get; set; } = true;

    /// <summary>Passwords in arguments of command lines.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool CommandLines { get; set; } = true;

    /// <summary>Values behind telling names.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool NamedSecrets { get; set; } = true;

    /// <summary>E-mail addresses.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Emails { get; set; } = true;

    /// <summary>International bank account numbers.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Ibans { get; set; } = true;

    /// <summary>Payment cards.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Cards { get; set; } = true;

    /// <summary>Telephone numbers: international, or behind a telling name.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Phones { get; set; }

    /// <summary>
    /// National numbers of persons with a form or check digits of their own: SSN, National Insurance, PESEL, DNI, NIE, CPF.
    /// </summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool NationalIds { get; set; }

    /// <summary>Machine-readable lines of passports, and numbers behind the word.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Passports { get; set; }

    /// <summary>IP addresses.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool IpAddresses { get; set; }

    /// <summary>One-time codes behind words that say so.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool OneTimeCodes { get; set; }
}
