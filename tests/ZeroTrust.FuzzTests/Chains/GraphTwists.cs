using ZeroTrust.FuzzTests.Mutation;

namespace ZeroTrust.FuzzTests.Chains;

/// <summary>Certificates beside the path: more ways up, wrong ways up, and what leads nowhere.</summary>
internal static class GraphTwists
{
    /// <summary>A CA of the path certified by another root too, trusted or not, sometimes by a certificate that is good for nothing.</summary>
    public static void CrossSign(ChainPlan plan, Dice dice)
    {
        var other = ChainFactory.Authority("Other root", plan.FreeKey(), issuer: null);
        var cross = dice.Pick(plan.Authorities).Copy();
        cross.Issuer = other;
        cross.IssuerName = null;
        cross.SignWith = null;
        if (dice.OneIn(3))
        {
            cross.NotAfter = plan.Time.AddDays(-1);
        }

        plan.Others.Add(cross);
        switch (dice.Below(3))
        {
            case 0:
                plan.Others.Add(other);
                break;
            case 1:
                plan.Anchors.Add(other);
                break;
            default:
                plan.Anchors.Clear();
                plan.Anchors.Add(other);
                break;
        }
    }

    /// <summary>A certificate of a CA's name with another key, and often its key identifier: a validator that cannot turn back stops there.</summary>
    public static void AddDecoy(ChainPlan plan, Dice dice)
    {
        var place = dice.Below(plan.Authorities.Count);
        var decoy = plan.Path[place].Copy();
        decoy.Key = plan.FreeKey();
        if (dice.OneIn(2))
        {
            // The child does not say which one it means.
            plan.Path[place + 1].HasAuthorityKeyId = false;
        }

        if (dice.OneIn(3))
        {
            // As certified as the real one, and of no use.
            decoy.NotBefore = plan.Time.AddDays(1);
            decoy.Key = plan.Path[place].Key;
        }

        if (place == 0 && dice.OneIn(2))
        {
            plan.Anchors.Add(decoy);
        }
        else
        {
            plan.Others.Add(decoy);
        }
    }

    /// <summary>The root again with the same key and another validity, as an anchor or in the bag.</summary>
    public static void ReissueRoot(ChainPlan plan, Dice dice)
    {
        var root = plan.Path[0].Copy();
        root.Serial += 1;
        root.NotAfter = plan.Time.AddDays(dice.Pick(-2, 2));
        if (dice.OneIn(2))
        {
            plan.Anchors.Add(root);
        }
        else
        {
            plan.Others.Add(root);
        }
    }

    /// <summary>A CA certifies its next key itself: a self-issued certificate, which no path length counts.</summary>
    public static void RollKeyOver(ChainPlan plan, Dice dice)
    {
        var place = dice.Below(plan.Authorities.Count);
        var old = plan.Path[place];
        var next = ChainFactory.Authority("unnamed", plan.FreeKey(), old);
        next.Subject = old.Subject;
        plan.Path[place + 1].Issuer = next;
        plan.Path.Insert(place + 1, next);
    }

    public static void AnchorIntermediate(ChainPlan plan, Dice dice)
    {
        if (dice.OneIn(2))
        {
            plan.Anchors.Clear();
        }

        plan.Anchors.Add(dice.Pick(plan.Authorities));
    }

    public static void AddUnrelated(ChainPlan plan, Dice dice)
    {
        for (var i = dice.Below(4); i >= 0; i--)
        {
            plan.Others.Add(dice.Below(3) switch
            {
                0 => dice.Pick(plan.Path),
                1 => ChainFactory.Authority($"Stranger {i}", plan.FreeKey(), dice.Pick(plan.Authorities)),
                _ => ChainFactory.Authority($"Stranger {i}", plan.FreeKey(), issuer: null),
            });
        }
    }

    public static void Withhold(ChainPlan plan, Dice dice) => plan.Withheld.Add(dice.Pick(plan.Path));
}
