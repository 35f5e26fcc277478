using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ZeroTrust.X509.Internal;
using ZeroTrust.X509.Tests.Support;

namespace ZeroTrust.X509.Tests;

public sealed class CertificateRevocationListTests
{
    private static readonly byte[] Serial = [0x2A];

    [Fact]
    public void A_sound_crl_is_read_and_has_no_defect()
    {
        var crl = new CrlForge { Entries = [new ForgedEntry(Serial)] }.Read();

        Assert.Null(crl.Defect);
        Assert.Equal("CN=CA", crl.IssuerName);
        Assert.Equal(CrlForge.Now.AddHours(-1), crl.ThisUpdate);
        Assert.Equal(CrlForge.Now.AddHours(1), crl.NextUpdate);
        Assert.Equal(1, crl.Count);
        Assert.False(crl.IsDelta);
        Assert.Equal(SHA256.HashData(crl.Der.Span), crl.Sha256.ToArray());
    }

    [Fact]
    public void A_crl_precedes_another_by_number_and_time()
    {
        var later = new CrlForge { Number = 8, ThisUpdate = CrlForge.Now };
        CrlForge[] older = [new(), later with { Number = 7 }, later with { ThisUpdate = CrlForge.Now.AddSeconds(-1) }];
        CrlForge[] contradicting = [new() { Number = 9 }, later with { Number = 7, ThisUpdate = CrlForge.Now.AddSeconds(1) }];

        Assert.All(older, crl => Assert.True(crl.Read().Precedes(later.Read())));
        Assert.All(contradicting, crl => Assert.False(crl.Read().Precedes(later.Read()) || later.Read().Precedes(crl.Read())));
        Assert.False(later.Read().Precedes(later.Read()));
        Assert.False(later.Read().Precedes(new CrlForge().Read()));
        Assert.False((later with { Number = null }).Read().Precedes(later.Read()));
        Assert.True((later with { Number = null, ThisUpdate = CrlForge.Now.AddHours(-1) }).Read().Precedes(later.Read()));
    }

    [Fact]
    public void Crls_that_are_not_of_one_sequence_do_not_compare()
    {
        var older = new CrlForge();
        var later = (older with { Number = 8, ThisUpdate = CrlForge.Now }).Read();
        CrlForge[] others =
        [
            older with { Issuer = "CN=Other" },
            older with { KeyId = [4, 5, 6] },
            older with { KeyId = null },
            older with { BaseNumber = 6 },
            older with { Scope = new ScopeForge { OnlyCa = true } },
        ];

        Assert.True(older.Read().Precedes(later));
        Assert.All(others, crl => Assert.False(crl.Read().Precedes(later)));
    }

    [Fact]
    public void A_crl_of_the_platforms_own_builder_is_read()
    {
        using var ca = KeyHolder.Root("CN=CA");
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([0x11], CrlForge.Now, X509RevocationReason.KeyCompromise);
        builder.AddEntry([0x0F], CrlForge.Now);
        var der = builder.Build(
            new X500DistinguishedName("CN=CA"),
            X509SignatureGenerator.CreateForECDsa(ca.Key),
            crlNumber: 3,
            nextUpdate: CrlForge.Now.AddDays(1),
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(ca.Certificate.Extensions.SubjectKeyIdentifier!.KeyId.Span),
            thisUpdate: CrlForge.Now);

        var crl = X509Assert.Accepted(CertificateRevocationList.Read(der));

        Assert.Null(crl.Defect);
        Assert.Equal(CrlReason.KeyCompromise, crl.Find(ca.Certificate.Subject, [0x11])?.Reason);
        Assert.Equal(CrlReason.Unspecified, crl.Find(ca.Certificate.Subject, [0x0F])?.Reason);
        Assert.Null(crl.Find(ca.Certificate.Subject, [0x10]));
        Assert.True(SignatureCheck.Verify(ca.Certificate, crl.SignatureAlgorithm, crl.Signed.Span, crl.Signature.Span));
    }

    [Fact]
    public void A_crl_without_entries_lists_nobody()
    {
        var crl = new CrlForge().Read();

        Assert.Equal(0, crl.Count);
        Assert.Null(Find(crl, Serial));
    }

    [Fact]
    public void A_list_of_no_entries_lists_nobody_though_it_should_be_left_out() => Assert.Equal(0, Sound(new CrlForge { HasEmptyList = true }).Count);

    [Fact]
    public void Data_after_the_crl_is_malformed() => Malformed(new CrlForge { Trailer = [0x00] });

    [Fact]
    public void Every_proper_prefix_is_malformed()
    {
        var der = new CrlForge { Entries = [new ForgedEntry(Serial, CrlExt.Reason(1))] }.Encode();

        for (var length = 0; length < der.Length; length++)
        {
            X509Assert.Refused(X509RejectionReason.Malformed, CertificateRevocationList.Read(der.AsMemory(0, length)));
        }
    }

    [Fact]
    public void No_single_changed_octet_makes_the_reader_throw()
    {
        var scope = new ScopeForge { Name = PointName.Uri("http://ca.example/1.crl"), IsIndirect = true };
        var der = new CrlForge { Scope = scope, Entries = [new ForgedEntry(Serial, CrlExt.Reason(1), CrlExt.CertificateIssuer("CN=Other"))] }.Encode();

        for (var i = 0; i < der.Length; i++)
        {
            foreach (var octet in (byte[])[0x00, 0x01, 0x30, 0x7F, 0x80, 0xFF])
            {
                var changed = der.ToArray();
                changed[i] = octet;
                var verdict = CertificateRevocationList.Read(changed);
                Assert.True(verdict.IsAccepted || verdict.Rejection.Code == "x509.malformed");
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(2)]
    public void Only_version_2_is_used(int? version) => Defective("5.1.2.1", new CrlForge { Version = version });

    [Fact]
    public void The_inner_and_the_outer_algorithm_have_to_agree() => Defective("5.1.1.2", new CrlForge { OuterAlgorithm = "1.2.840.10045.4.3.3" });

    [Fact]
    public void A_signature_with_sha_1_is_not_used() =>
        Defective("SHA-256", new CrlForge { InnerAlgorithm = "1.2.840.10045.4.1", OuterAlgorithm = "1.2.840.10045.4.1" });

    [Fact]
    public void An_issuer_without_a_name_is_not_used() => Defective("5.1.2.3", new CrlForge { Issuer = string.Empty });

    [Fact]
    public void A_crl_that_never_ends_is_not_used() => Defective("5.1.2.5", new CrlForge { NextUpdate = null });

    /// <summary>What openssl writes where crl_extensions is not set; the signature tells the key.</summary>
    [Fact]
    public void The_authority_key_identifier_may_be_missing_and_not_be_critical()
    {
        Sound(new CrlForge { KeyId = null });
        Defective("5.2.1", new CrlForge { IsKeyIdCritical = true });
    }

    [Fact]
    public void The_crl_number_is_there_and_not_critical()
    {
        Defective("5.2.3", new CrlForge { Number = null });
        Defective("5.2.3", new CrlForge { IsNumberCritical = true });
    }

    /// <summary>Tools that count up from a random number of 160 bits take 21 octets for every second one.</summary>
    [Theory]
    [InlineData(20, true)]
    [InlineData(21, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_crl_number_may_be_longer_than_an_issuer_should_make_it(int octets, bool isUsed)
    {
        var crl = new CrlForge { Number = null, Extensions = [new(CrlExt.NumberOid, Der.Tlv(0x02, [0x7F], new byte[octets - 1]))] };
        if (isUsed)
        {
            Sound(crl);
        }
        else
        {
            Defective("5.2.3", crl);
        }
    }

    [Fact]
    public void A_negative_number_orders_no_crls()
    {
        Defective("5.2.3", new CrlForge { Number = -1 });
        Defective("5.2.4", new CrlForge { BaseNumber = -1 });
        Sound(new CrlForge { Number = 0 });
    }

    [Fact]
    public void Long_numbers_keep_crls_in_their_order()
    {
        var (before, after) = (Numbered(0x7E), Numbered(0x7F));

        Assert.True(before.Precedes(after));
        Assert.False(after.Precedes(before));

        CertificateRevocationList Numbered(byte first) =>
            Sound(new CrlForge { Number = null, Extensions = [new(CrlExt.NumberOid, Der.Tlv(0x02, [first], new byte[30]))] });
    }

    /// <summary>
    /// CA version, next publication, places of publication and the freshest CRL of AD CS; the alternative name of an issuer of openssl.
    /// </summary>
    [Theory]
    [InlineData("1.3.6.1.4.1.311.21.1", "020100")]
    [InlineData("1.3.6.1.4.1.311.21.4", "170D3236303330313132303030305A")]
    [InlineData("1.3.6.1.4.1.311.21.14", "3000")]
    [InlineData("2.5.29.46", "3011300FA00DA00B8609687474703A2F2F782F")]
    [InlineData("2.5.29.18", "300386017A")]
    public void Extensions_of_common_tools_are_passed_over_where_they_are_not_critical(string oid, string value)
    {
        var extension = new ForgedExtension(oid, Convert.FromHexString(value));

        Sound(new CrlForge { Extensions = [extension] });
        Defective("5.2", new CrlForge { Extensions = [extension.Critical] });
    }

    [Fact]
    public void A_defect_says_what_the_crl_has()
    {
        Assert.Contains("version is 1, which has no CRL number", new CrlForge { Version = null, KeyId = null, Number = null }.Read().Defect, StringComparison.Ordinal);
        Assert.Contains("version is 3, not 2", new CrlForge { Version = 2 }.Read().Defect, StringComparison.Ordinal);
        Assert.Contains("ECDSA with SHA-1 (1.2.840.10045.4.1)", Signed("1.2.840.10045.4.1").Defect, StringComparison.Ordinal);
        Assert.Contains("Ed25519 (1.3.101.112)", Signed("1.3.101.112").Defect, StringComparison.Ordinal);

        static CertificateRevocationList Signed(string oid) => new CrlForge { InnerAlgorithm = oid, OuterAlgorithm = oid }.Read();
    }

    [Fact]
    public void A_crl_that_cannot_be_read_is_named()
    {
        var der = new CrlForge { Trailer = [0x00] }.Encode();
        var cut = new CrlForge { Entries = [new ForgedEntry(new byte[] { 0x01 }, CrlExt.Reason(99))] }.Encode();

        Assert.Contains("without a readable issuer", X509Assert.Refused(X509RejectionReason.Malformed, CertificateRevocationList.Read(der.AsMemory()[..^9])).Detail, StringComparison.Ordinal);
        var rejection = X509Assert.Refused(X509RejectionReason.Malformed, CertificateRevocationList.Read(cut));
        Assert.Contains("'CN=CA'", rejection.Detail, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(cut)), rejection.Detail, StringComparison.Ordinal);
        Assert.Contains("RFC 5280 section 5.1", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_delta_indicator_is_critical()
    {
        Assert.True(Sound(new CrlForge { BaseNumber = 3 }).IsDelta);
        Defective("5.2.4", new CrlForge { BaseNumber = 3, IsBaseCritical = false });
    }

    [Fact]
    public void The_issuing_distribution_point_is_critical()
    {
        Sound(new CrlForge { Scope = new ScopeForge { OnlyUser = true } });
        Defective("5.2.5", new CrlForge { Scope = new ScopeForge { OnlyUser = true }, IsScopeCritical = false });
    }

    [Fact]
    public void An_issuing_distribution_point_that_says_nothing_is_not_used() => Defective("5.2.5", new CrlForge { Scope = new ScopeForge() });

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void A_crl_for_only_two_kinds_of_certificates_is_not_used(bool user, bool ca, bool attribute) =>
        Defective("5.2.5", new CrlForge { Scope = new ScopeForge { OnlyUser = user, OnlyCa = ca, OnlyAttribute = attribute } });

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void A_crl_for_only_one_kind_of_certificates_is_sound(bool user, bool ca, bool attribute) =>
        Sound(new CrlForge { Scope = new ScopeForge { OnlyUser = user, OnlyCa = ca, OnlyAttribute = attribute } });

    [Fact]
    public void An_unknown_extension_may_be_there_and_not_be_critical()
    {
        Sound(new CrlForge { Extensions = [CrlExt.Unknown] });
        Defective("critical and unknown", new CrlForge { Extensions = [CrlExt.Unknown.Critical] });
    }

    [Fact]
    public void A_repeated_extension_is_malformed() =>
        Malformed(new CrlForge { Extensions = [CrlExt.Unknown, CrlExt.Unknown] });

    [Fact]
    public void An_unknown_extension_of_an_entry_may_not_be_critical()
    {
        Sound(WithEntry(CrlExt.Unknown));
        Defective("unknown critical extension", WithEntry(CrlExt.Unknown.Critical));
    }

    [Fact]
    public void The_invalidity_date_of_an_entry_is_passed_over() =>
        Sound(WithEntry(CrlExt.InvalidityDate));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_reason_of_the_standard_is_read(int reason) =>
        Assert.Equal((CrlReason)reason, Find(Sound(WithEntry(CrlExt.Reason(reason))), Serial)?.Reason);

    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(255)]
    public void Another_reason_is_malformed(int reason) => Malformed(WithEntry(CrlExt.Reason(reason)));

    [Fact]
    public void Two_reasons_of_one_entry_are_malformed() => Malformed(WithEntry(CrlExt.Reason(1), CrlExt.Reason(1)));

    [Fact]
    public void Only_a_delta_crl_takes_entries_back()
    {
        Sound(WithEntry(CrlExt.Reason(8)) with { BaseNumber = 3 });
        Defective("5.3.1", WithEntry(CrlExt.Reason(8)));
    }

    [Fact]
    public void Only_an_indirect_crl_names_certificate_issuers()
    {
        Sound(WithEntry(CrlExt.CertificateIssuer("CN=Other")) with { Scope = new ScopeForge { IsIndirect = true } });
        Defective("5.3.3", WithEntry(CrlExt.CertificateIssuer("CN=Other")));
        Defective("5.3.3", WithEntry(CrlExt.CertificateIssuer("CN=Other").NotCritical) with { Scope = new ScopeForge { IsIndirect = true } });
    }

    [Fact]
    public void A_certificate_issuer_that_is_no_directory_name_is_malformed()
    {
        var scope = new ScopeForge { IsIndirect = true };
        var uri = Der.Sequence(Gn.Uri(RevocationWorld.CrlUri));

        Malformed(WithEntry(new ForgedExtension(CrlExt.CertificateIssuerOid, uri, IsCritical: true)) with { Scope = scope });
        Malformed(WithEntry(new ForgedExtension(CrlExt.CertificateIssuerOid, [], IsCritical: true)) with { Scope = scope });
        Malformed(WithEntry(CrlExt.CertificateIssuer("CN=A"), CrlExt.CertificateIssuer("CN=B")) with { Scope = scope });
    }

    [Fact]
    public void A_certificate_issuer_holds_until_the_next_one()
    {
        var crl = Sound(new CrlForge
        {
            Scope = new ScopeForge { IsIndirect = true },
            Entries =
            [
                new ForgedEntry(new byte[] { 1 }),
                new ForgedEntry(new byte[] { 2 }, CrlExt.CertificateIssuer("CN=A")),
                new ForgedEntry(new byte[] { 3 }),
                new ForgedEntry(new byte[] { 4 }, CrlExt.CertificateIssuer("CN=B")),
                new ForgedEntry(new byte[] { 5 }, CrlExt.CertificateIssuer("CN=A")),
            ],
        });

        Assert.Equal([1], Listed(crl, "CN=CA"));
        Assert.Equal([2, 3, 5], Listed(crl, "cn=a"));
        Assert.Equal([4], Listed(crl, "CN=B"));
        Assert.Empty(Listed(crl, "CN=C"));
    }

    [Fact]
    public void Serial_numbers_are_found_in_whatever_order_they_stand()
    {
        byte[][] serials = [[0x7F], [0x00, 0x80], [0x01], [0x01, 0x00], [0x00, 0xFF, 0x00], [0x7F, .. new byte[19]]];
        var crl = new CrlForge { Entries = [.. serials.Select(serial => new ForgedEntry(serial))] }.Read();

        Assert.All(serials, serial => Assert.Equal(ForgedEntry.Date, Find(crl, serial)?.At));
        Assert.Null(Find(crl, [0x00]));
        Assert.Null(Find(crl, [0x80]));
        Assert.Null(Find(crl, [0x01, 0x01]));
    }

    [Fact]
    public void Of_a_repeated_serial_number_the_revocation_counts()
    {
        ForgedEntry[] entries = [new(Serial, CrlExt.Reason(8)), new(Serial, CrlExt.Reason(1)), new(Serial, CrlExt.Reason(8))];

        Assert.Equal(CrlReason.KeyCompromise, Find(Sound(new CrlForge { BaseNumber = 3, Entries = entries }), Serial)?.Reason);
    }

    [Fact]
    public void A_serial_number_that_is_not_minimal_is_malformed()
    {
        var der = new CrlForge { Entries = [new ForgedEntry(new byte[] { 0x55, 0x66 })] }.Encode();
        var at = der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0x02, 0x55, 0x66]);
        der[at + 2] = 0x00;

        X509Assert.Refused(X509RejectionReason.Malformed, CertificateRevocationList.Read(der));
    }

    [Fact]
    public void A_million_entries_cost_no_object_each_and_are_found_without_one()
    {
        const int Count = 1_000_000;
        var der = new CrlForge { Entries = [.. Enumerable.Range(0, Count).Select(i => new ForgedEntry(SerialOf(i)))] }.Encode();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var crl = X509Assert.Accepted(CertificateRevocationList.Read(der));
        var read = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Count, crl.Count);
        Assert.InRange(read / Count, 0, 48);
        var (first, middle, last, absent) = (SerialOf(0), SerialOf(Count / 2), SerialOf(Count - 1), SerialOf(Count));
        Assert.NotNull(Find(crl, first));
        before = GC.GetAllocatedBytesForCurrentThread();
        var answers = (Find(crl, first), Find(crl, middle), Find(crl, last), Find(crl, absent));
        var found = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, found);
        Assert.NotNull(answers.Item1);
        Assert.NotNull(answers.Item2);
        Assert.NotNull(answers.Item3);
        Assert.Null(answers.Item4);

        // Multiplying by an odd number permutes the 32-bit numbers, so the entries stand in no order.
        static byte[] SerialOf(int index)
        {
            var serial = new byte[9];
            serial[0] = 0x40;
            BinaryPrimitives.WriteUInt32BigEndian(serial.AsSpan(1), unchecked((uint)index * 2_654_435_761));
            return serial;
        }
    }

    private static CrlForge WithEntry(params ForgedExtension[] extensions) => new() { Entries = [new ForgedEntry(Serial, extensions)] };

    private static RevokedEntry? Find(CertificateRevocationList crl, ReadOnlySpan<byte> serial) => crl.Find(crl.Issuer, serial);

    private static CertificateRevocationList Sound(CrlForge forge)
    {
        var crl = forge.Read();
        Assert.Null(crl.Defect);
        return crl;
    }

    private static void Defective(string expected, CrlForge forge) => Assert.Contains(expected, forge.Read().Defect, StringComparison.Ordinal);

    private static void Malformed(CrlForge forge) => X509Assert.Refused(X509RejectionReason.Malformed, CertificateRevocationList.Read(forge.Encode()));

    private static IEnumerable<int> Listed(CertificateRevocationList crl, string issuer)
    {
        var reader = new DerReader(new X500DistinguishedName(issuer).RawData);
        var name = DistinguishedName.Read(ref reader);
        return Enumerable.Range(1, 5).Where(serial => crl.Find(name, [(byte)serial]) is not null);
    }
}
