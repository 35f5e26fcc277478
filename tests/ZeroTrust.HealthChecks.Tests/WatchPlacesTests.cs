using ZeroTrust.HealthChecks.Internal;

namespace ZeroTrust.HealthChecks.Tests;

public sealed class WatchPlacesTests
{
    [Fact]
    public void While_there_are_free_places_one_peer_may_take_them_all()
    {
        var places = new WatchPlaces(3);

        Assert.All(Enumerable.Range(0, 3).Select(_ => places.Take("a")), Assert.NotNull);
        Assert.Null(places.Take("a"));
    }

    [Fact]
    public void The_newest_of_the_peer_with_most_gives_way_until_the_shares_are_even()
    {
        var places = new WatchPlaces(4);
        WatchPlace[] first = [.. Enumerable.Range(0, 4).Select(_ => places.Take("a")!)];

        Assert.NotNull(places.Take("b"));
        Assert.Equal([false, false, false, true], first.Select(place => place.GaveWay.IsCancellationRequested));
        Assert.NotNull(places.Take("b"));
        Assert.Equal([false, false, true, true], first.Select(place => place.GaveWay.IsCancellationRequested));
        Assert.Null(places.Take("b"));
        Assert.Null(places.Take("a"));
    }

    [Fact]
    public void More_peers_than_places_do_not_push_each_other_out()
    {
        var places = new WatchPlaces(2);
        var (a, b) = (places.Take("a")!, places.Take("b")!);

        Assert.Null(places.Take("c"));
        Assert.False(a.GaveWay.IsCancellationRequested || b.GaveWay.IsCancellationRequested);
    }

    [Fact]
    public void A_place_given_back_is_free_and_one_that_gave_way_is_not_given_back_twice()
    {
        var places = new WatchPlaces(2);
        var (older, newer) = (places.Take("a")!, places.Take("a")!);
        var other = places.Take("b")!;
        places.Return(newer);

        Assert.Null(places.Take("c"));
        places.Return(older);
        Assert.NotNull(places.Take("c"));
        Assert.Null(places.Take("d"));
        places.Return(other);
        Assert.NotNull(places.Take("d"));
    }

    [Fact]
    public void A_stream_that_ended_before_it_is_told_to_give_way_harms_nothing()
    {
        var places = new WatchPlaces(2);
        Assert.NotNull(places.Take("a"));
        places.Take("a")!.Dispose();

        Assert.NotNull(places.Take("b"));
    }
}
