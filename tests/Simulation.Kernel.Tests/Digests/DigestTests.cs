using System.Collections.Immutable;
using Simulation.Testing;

namespace Simulation.Kernel.Tests.Digests;

public sealed class DigestTests
{
    public static TheoryData<object, object> Different => new()
    {
        { 1, 2 },
        { 1.5, 1.25 },
        { true, false },
        { "a", "b" },
        { new string('x', 40) + "1", new string('x', 40) + "2" },
        { "", "\0" },
        { DayOfWeek.Monday, DayOfWeek.Friday },
        { TimeSpan.FromTicks(1), TimeSpan.FromTicks(2) },
        { DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(1) },
        { new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 4 } },
        { new byte[] { 1, 2, 3 }, new byte[] { 1, 2, 3, 0 } },
        { new Whole(1, "a", null), new Whole(1, "a", 0) },
        { new Whole(1, "a", null), new Whole(2, "a", null) },
        { new Whole(1, "a", null), new Special(1, "a", null, 7) },
        { new Nested(new Whole(1, "a", null), 1), new Nested(new Whole(1, "b", null), 1) },
        { new Nested(new Special(1, "a", null, 7), 1), new Nested(new Special(1, "a", null, 8), 1) },
        { new Nested(1, null), new Nested(2, null) },
        { new Lists([1, 2], [new Pair(1, "a")], ReadOnlyMemory<byte>.Empty), new Lists([1, 3], [new Pair(1, "a")], ReadOnlyMemory<byte>.Empty) },
        { new Lists([], [new Pair(1, "a")], ReadOnlyMemory<byte>.Empty), new Lists([], [new Pair(1, "b")], ReadOnlyMemory<byte>.Empty) },
        { new Lists([], [], new byte[] { 1 }), new Lists([], [], new byte[] { 2 }) },
    };

    [Theory]
    [MemberData(nameof(Different))]
    public void OfObject_OtherValue_OtherDigest(object one, object other)
    {
        Assert.NotEqual(Digest.OfObject(one), Digest.OfObject(other));
        Assert.Equal(Digest.OfObject(one), Digest.OfObject(one));
    }

    [Fact]
    public void OfObject_SameValueInOtherObjects_SameDigest()
    {
        Assert.Equal(Make(), Make());

        static ulong Make() => Digest.OfObject(new Nested(new Lists([1, 2], [new Pair(3, new string('c', 3)), default], new byte[] { 9 }), new Whole(4, "d", 5)));
    }

    [Fact]
    public void OfObject_KnownValue_KnownDigest()
    {
        // The same in every process and on every machine.
        Assert.Equal(6712677414087822357UL, Digest.OfObject(new Whole(1, "a", 2)));
    }

    [Fact]
    public void OfObject_WhatIsNoValue_CountsByItsPresence()
    {
        Assert.Equal(Digest.OfObject(new Nested(new object(), 1)), Digest.OfObject(new Nested(new Dictionary<string, int>(), 1)));
        Assert.NotEqual(Digest.OfObject(new Nested(new object(), 1)), Digest.OfObject(new Nested(null, 1)));
        Assert.Equal(Digest.OfObject(new Held(Promise<int>.Rent())), Digest.OfObject(new Held(Promise<int>.Rent())));
    }

    [Fact]
    public void For_TypeWithoutContent_IsNull()
    {
        Assert.Null(Digest.For(typeof(Empty)));
        Assert.Null(Digest.For(typeof(object)));
        Assert.NotNull(Digest.For(typeof(Whole)));
    }

    [Fact]
    public async Task OfObject_Actor_CountsByWhichItIs()
    {
        await using TestKit kit = TestKit.Virtual();
        IActorRef one = kit.ActorOf(Scripted.Props(_ => { }));
        IActorRef other = kit.ActorOf(Scripted.Props(_ => { }));

        Assert.NotEqual(Digest.OfObject(new Named(one)), Digest.OfObject(new Named(other)));
    }

    [Fact]
    public void TraceHash_MessagesThatDifferInContentOnly_OtherHash()
    {
        Assert.Equal(HashAfter(new Whole(1, "a", null)), HashAfter(new Whole(1, "a", null)));
        Assert.NotEqual(HashAfter(new Whole(1, "a", null)), HashAfter(new Whole(1, "b", null)));

        static ulong HashAfter(object message)
        {
            TestKit kit = TestKit.Virtual();
            kit.ActorOf(Scripted.Props(a => a.OnAny(_ => { }))).Tell(message);
            kit.Advance(TimeSpan.FromSeconds(1));
            return kit.VirtualWorld!.TraceHash;
        }
    }

    private record Whole(int Number, string Text, int? Maybe);

    private sealed record Special(int Number, string Text, int? Maybe, int More) : Whole(Number, Text, Maybe);

    private sealed record Nested(object? What, object? Other);

    private readonly record struct Pair(int Number, string Text);

    private sealed record Lists(int[] Numbers, ImmutableArray<Pair> Pairs, ReadOnlyMemory<byte> Bytes);

    private sealed record Held(Promise<int> Promise);

    private sealed record Named(IActorRef Actor);

    private sealed record Empty;
}
