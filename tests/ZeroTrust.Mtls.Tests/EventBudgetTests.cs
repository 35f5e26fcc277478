using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using ZeroTrust.Shared;

namespace ZeroTrust.Mtls.Tests;

/// <summary>A log takes so much; a flood takes its share of it and hides nothing of others.</summary>
public sealed class EventBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<SuppressedEvents> _told = [];
    private readonly EventBudget _budget;

    public EventBudgetTests() => _budget = new EventBudget(_time, _told.Add);

    [Fact]
    public void One_caller_writes_its_budget_and_the_rest_is_told_by_its_name()
    {
        var written = Flood(Address(1), CallerBudgets.PerCaller + 3);

        Assert.Equal(CallerBudgets.PerCaller, written);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new SuppressedEvents("127.0.0.1", 3)], _told);
        Assert.True(_budget.TryPass(Address(1)));
    }

    [Fact]
    public void What_stays_within_the_budget_is_written_in_full_and_nothing_is_told()
    {
        Assert.Equal(CallerBudgets.PerCaller, Flood(Address(1), CallerBudgets.PerCaller));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public void A_flood_from_many_addresses_does_not_hide_the_first_event_of_another(int attackers)
    {
        for (var second = 0; second < 3; second++)
        {
            for (var round = 0; round < 30; round++)
            {
                for (var i = 0; i < attackers; i++)
                {
                    _budget.TryPass(Address(i));
                }
            }

            Assert.True(_budget.TryPass(EventCaller.Of(workload: null, IPAddress.Parse($"10.0.0.{second}"))));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void More_new_addresses_than_the_log_takes_hide_no_proved_workload()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _budget.TryPass(Address(i));
        }

        Assert.Equal(CallerBudgets.PerCaller, Flood(EventCaller.Of("spiffe://example.test/gateway", IPAddress.Loopback), CallerBudgets.PerCaller + 1));
    }

    [Fact]
    public void Whatever_floods_no_more_is_written_in_a_second_than_a_log_takes()
    {
        var written = Enumerable.Range(0, 100_000).Count(i => _budget.TryPass(Address(i % 5_000)));

        Assert.Equal(CallerBudgets.PerSecond + CallerBudgets.FirstsPerSecond, written);
    }

    [Fact]
    public void A_caller_that_was_never_written_is_still_a_first_one_in_the_next_second()
    {
        for (var i = 0; i < CallerBudgets.PerSecond + CallerBudgets.FirstsPerSecond; i++)
        {
            Assert.True(_budget.TryPass(Address(i)));
        }

        Assert.False(_budget.TryPass(Address(9_000)));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var round = 0; round < CallerBudgets.PerCaller; round++)
        {
            for (var i = 0; i < CallerBudgets.PerSecond; i++)
            {
                _budget.TryPass(Address(i));
            }
        }

        Assert.True(_budget.TryPass(Address(9_000)));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void A_caller_not_written_for_a_minute_is_a_first_one_again(int seconds, bool passes)
    {
        Assert.True(_budget.TryPass(Address(0)));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        for (var i = 1; i <= CallerBudgets.PerSecond; i++)
        {
            Assert.True(_budget.TryPass(Address(i)));
        }

        Assert.Equal(passes, _budget.TryPass(Address(0)));
    }

    [Fact]
    public void Every_event_is_written_or_in_a_summary_also_those_of_callers_that_were_forgotten()
    {
        var (sent, written) = (0, 0);
        for (var second = 0; second < 5; second++)
        {
            for (var i = 0; i < 20_000; i++, sent++)
            {
                var caller = RandomNumberGenerator.GetInt32(3_000);
                var isProved = caller % 3 == 0;
                written += _budget.TryPass(isProved ? EventCaller.Of($"spiffe://example.test/{caller}", address: null) : Address(caller)) ? 1 : 0;
            }

            _time.Advance(TimeSpan.FromMilliseconds(700));
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(sent, written + _told.Sum(told => told.Count));
        Assert.Contains(_told, told => told.Caller == "other addresses");
        Assert.Contains(_told, told => told.Caller == "other workloads");
        Assert.True(_told.Count <= 5 * 2 * (CallerBudgets.Named + 1), $"{_told.Count} summaries");
    }

    [Fact]
    public void A_summary_names_the_callers_with_most()
    {
        for (var i = 0; i < CallerBudgets.Named + 5; i++)
        {
            Flood(Address(i), 200 + i);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CallerBudgets.Named + 1, _told.Count);
        Assert.Contains(_told, told => told.Caller == $"127.0.0.{CallerBudgets.Named + 4}");
        Assert.DoesNotContain(_told, told => told.Caller == "127.0.0.0");
    }

    [Fact]
    public void A_log_that_throws_at_a_summary_does_not_end_the_next()
    {
        var told = 0;
        var budget = new EventBudget(_time, _ =>
        {
            told++;
            throw new InvalidOperationException("The disk is full.");
        });
        for (var i = 0; i < 2; i++)
        {
            for (var count = 0; count <= CallerBudgets.PerCaller; count++)
            {
                budget.TryPass(Address(1));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, told);
    }

    [Fact]
    public void A_step_of_the_wall_clock_changes_nothing()
    {
        var clock = new SteppedTimeProvider(_time);
        var budget = new EventBudget(clock, _told.Add);
        for (var i = 0; i < CallerBudgets.PerCaller; i++)
        {
            Assert.True(budget.TryPass(Address(1)));
        }

        clock.Step = TimeSpan.FromHours(-2);
        Assert.False(budget.TryPass(Address(1)));
        clock.Step = TimeSpan.FromHours(2);
        Assert.False(budget.TryPass(Address(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(budget.TryPass(Address(1)));
    }

    [Fact]
    public void A_known_caller_costs_no_memory()
    {
        var callers = Enumerable.Range(0, 100).Select(Address).ToArray();
        for (var i = 0; i < 10_000; i++)
        {
            _budget.TryPass(callers[i % callers.Length]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            _budget.TryPass(callers[i % callers.Length]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static EventCaller Address(int number) =>
        EventCaller.Of(workload: null, new IPAddress([127, (byte)(number >> 16), (byte)(number >> 8), (byte)number]));

    private int Flood(EventCaller caller, int times) => Enumerable.Range(0, times).Count(_ => _budget.TryPass(caller));

    private sealed class SteppedTimeProvider(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
