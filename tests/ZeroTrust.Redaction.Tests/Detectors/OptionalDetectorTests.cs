using ZeroTrust.Redaction.Detectors;
using ZeroTrust.Redaction.Internal;

namespace ZeroTrust.Redaction.Tests.Detectors;

public sealed class OptionalDetectorTests
{
    private static readonly TextRedactor Redactor = new([], [], DetectorKinds.Default | DetectorKinds.Optional);

    [Theory]
    [InlineData("sms to +4915859893998 sent", "sms to [phone] sent")]
    [InlineData("call +1 (212) 555-0187 now", "call [phone] now")]
    [InlineData("phone: 0911 983637", "phone: [phone]")]
    [InlineData("{\"mobileNumber\":\"0151 23456789\"}", "{\"mobileNumber\":\"[phone]\"}")]
    [InlineData("reach us at (212) 555-0187", "reach us at [phone]")]
    [InlineData("ssn 078-05-1120", "ssn [national-id]")]
    [InlineData("paid to 219-09-9999", "paid to [national-id]")]
    [InlineData("social no. 219099999", "social no. [national-id]")]
    [InlineData("NINO AB 12 34 56 C", "NINO [national-id]")]
    [InlineData("pesel 44051401359", "pesel [national-id]")]
    [InlineData("DNI 12345678Z", "DNI [national-id]")]
    [InlineData("NIE X1234567L", "NIE [national-id]")]
    [InlineData("cpf 529.982.247-25", "cpf [national-id]")]
    [InlineData("passportNumber=C472X77043", "passportNumber=[secret]")]
    [InlineData("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "[passport]")]
    [InlineData("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "[passport]")]
    [InlineData("login from 2001:db8:85a3::8a2e:370:7334", "login from [ip]")]
    [InlineData("peer 10.4.7.19:5432 closed", "peer [ip]:5432 closed")]
    [InlineData("bound [::1]:80", "bound [[ip]]:80")]
    [InlineData("your verification code is 482913", "your verification code is [secret]")]
    [InlineData("otp=4829", "otp=[secret]")]
    public void Asked_for_it_is_found(string text, string expected)
    {
        Assert.Equal(expected, Redactor.Redact(text));
        Assert.Equal(expected, Redactor.Redact(expected));
        Assert.Same(text, new TextRedactor([], [], DetectorKinds.Default & ~DetectorKinds.NamedSecrets).Redact(text));
    }

    [Theory]
    [InlineData("order 0049-170-2211 packed")]
    [InlineData("4.2.1-rc.3+build.20261130")]
    [InlineData("1.0.0+20261130123")]
    [InlineData("phone support queue length 14")]
    [InlineData("paid to 000-12-3456")]
    [InlineData("ledger 219099999")]
    [InlineData("number 44051401358")]
    [InlineData("ref 12345678A")]
    [InlineData("L898902C36UTO7408122F1204159ZE184226B<<<<<1")]
    [InlineData("L898902C46UTO7408122F1204159ZE184226B<<<<<10")]
    [InlineData("passport control is closed")]
    [InlineData("version 1.2.3")]
    [InlineData("10:22:33 3c:fd:fe:9a:41:c2 std::vector")]
    [InlineData("error code 4829")]
    [InlineData("verification of 4829 orders")]
    public void Nearest_neighbour_stays(string text) => Assert.Same(text, Redactor.Redact(text));

    [Fact]
    public void Switched_off_detector_finds_nothing()
    {
        var redactor = new TextRedactor([], [], DetectorKinds.Default & ~DetectorKinds.Emails);

        Assert.Equal("alice@example.com pays [card]", redactor.Redact("alice@example.com pays 4111111111111111"));
    }
}
