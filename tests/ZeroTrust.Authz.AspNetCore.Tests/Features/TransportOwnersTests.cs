using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Authz.AspNetCore.Transports;

namespace ZeroTrust.Authz.AspNetCore.Tests.Features;

public sealed class TransportOwnersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TransportOwners _owners;

    public TransportOwnersTests() => _owners = new TransportOwners(_time, TransportOwners.Idle);

    [Fact]
    public void A_connection_stays_with_the_caller_that_began_it()
    {
        Serve("1", "acme");

        Assert.Null(_owners.TryEnter("1", "globex"));
        Assert.NotNull(_owners.TryEnter("1", "acme"));
    }

    [Fact]
    public void A_failed_request_beside_one_that_runs_does_not_free_the_connection()
    {
        var listening = _owners.TryEnter("1", "acme");
        _owners.Leave("1", _owners.TryEnter("1", "acme")!, isServed: false);

        Assert.Null(_owners.TryEnter("1", "globex"));
        Assert.NotNull(listening);
    }

    [Fact]
    public void An_id_that_the_framework_does_not_know_is_not_kept()
    {
        _owners.Leave("1", _owners.TryEnter("1", "globex")!, isServed: false);

        Assert.NotNull(_owners.TryEnter("1", "acme"));
    }

    [Fact]
    public void What_was_begun_is_returned_to_by_its_caller_alone()
    {
        Serve("1", "acme");

        Assert.Null(_owners.TryReturn("1", "globex"));
        Assert.NotNull(_owners.TryReturn("1", "acme"));
        Assert.Null(_owners.TryReturn("2", "acme"));
        Assert.NotNull(_owners.TryEnter("2", "globex"));
    }

    [Fact]
    public void A_circuit_for_which_there_is_no_room_is_given_to_no_other_connection()
    {
        for (var i = 0; i < TransportOwners.Capacity; i++)
        {
            Serve($"id {i}", "acme");
        }

        var circuits = new CircuitOwners(_owners);

        Assert.Null(circuits.TryBegin("secret", "globex"));
        Assert.Null(circuits.TryReturn("secret", "globex"));
    }

    [Fact]
    public void A_full_table_refuses_what_is_new_and_keeps_what_lives()
    {
        for (var i = 0; i < TransportOwners.Capacity; i++)
        {
            Serve($"id {i}", "acme");
        }

        Assert.Null(_owners.TryEnter("one more", "globex"));
        Assert.NotNull(_owners.TryEnter("id 0", "acme"));
        Assert.Null(_owners.TryEnter("id 1", "globex"));
    }

    [Fact]
    public void A_full_table_makes_room_of_what_is_long_idle_and_not_of_what_runs()
    {
        for (var i = 0; i < TransportOwners.Capacity; i++)
        {
            Serve($"id {i}", "acme");
        }

        Assert.NotNull(_owners.TryEnter("id 0", "acme"));
        _time.Advance(TransportOwners.Idle - TimeSpan.FromTicks(1));
        Assert.Null(_owners.TryEnter("one more", "globex"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_owners.TryEnter("one more", "globex"));
        Assert.Null(_owners.TryEnter("id 0", "globex"));
    }

    private void Serve(string id, string caller) => _owners.Leave(id, _owners.TryEnter(id, caller)!, isServed: true);
}
