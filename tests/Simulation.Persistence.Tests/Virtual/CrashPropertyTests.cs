using Simulation.Kernel;
using Simulation.Persistence.Tests.Actors;
using Simulation.Persistence.Tests.Scenes;

namespace Simulation.Persistence.Tests.Virtual;

/// <summary>
/// In the virtual world a process is killed at any moment, by any seed, with whatever the disk may do: what it has confirmed is there
/// in its next life, and every seed replays.
/// </summary>
public sealed class CrashPropertyTests
{
    private const int Lives = 4;
    private static readonly Answer NotRecovered = new(-1, -1, "");

    [Fact]
    public void Crash_AtAnyMoment_WhatWasConfirmedIsThere()
    {
        int unconfirmed = 0;
        for (ulong seed = 1; seed <= 300; seed++)
        {
            Story story = Tell(seed);
            Assert.True(story.Recovered >= story.Confirmed, $"seed {seed}: {story.Confirmed} were confirmed, {story.Recovered} came back");
            Assert.True(story.Recovered <= story.Asked, $"seed {seed}: {story.Asked} were asked for, {story.Recovered} came back");
            unconfirmed += story.Recovered > story.Confirmed ? 1 : 0;
        }

        // What was on its way when the process died is sometimes on the disk: otherwise the crashes never came in between.
        Assert.InRange(unconfirmed, 1, 299);
    }

    [Fact]
    public void Crash_SameSeed_SameHash()
    {
        Assert.Equal(Tell(7), Tell(7));
        Assert.NotEqual(Tell(7).Hash, Tell(8).Hash);
    }

    [Fact]
    public void Crash_StoreConfirmsBeforeItWrites_IsFound()
    {
        HashSet<string> planted = [VirtualStore.PlantedConfirmBeforeWriting];
        Assert.Contains(Enumerable.Range(1, 100), seed => Tell((ulong)seed, planted) is var story && story.Recovered < story.Confirmed);
    }

    private static Story Tell(ulong seed, IReadOnlySet<string>? planted = null)
    {
        RandomStream chance = RandomStream.Derive(seed, "crashes");
        var scene = new VirtualScene(seed, new BuggifyOptions { MinFireProbability = 0.01, MaxFireProbability = 0.2 }, planted);
        int asked = 0;
        long confirmed = 0;
        for (int life = 0; life < Lives; life++)
        {
            VirtualStore store = scene.Open();
            IActorRef counter = scene.Kit.ActorOf(Counter.Props(Counter.Services(store) with { Patience = TimeSpan.FromSeconds(20) }));
            IActorRef user = scene.Kit.ActorOf(() => new User(counter, () => asked++, last => confirmed = Math.Max(confirmed, last)));
            scene.Kit.Advance(chance.Uniform(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
            store.Crash();
            scene.Kit.System.Kill(counter);
            scene.Kit.System.Kill(user);
            scene.Kit.Advance(TimeSpan.FromMilliseconds(1));
        }

        scene.Kit.VirtualWorld!.Buggify.IsOn = false;
        IActorRef last = scene.Kit.ActorOf(Counter.Props(Counter.Services(scene.Open())));
        Answer answer = scene.Kit.Run(context => AskAsync(context, last));
        Assert.Equal(answer.LastSequence, answer.Total);
        return new Story(asked, confirmed, answer.LastSequence, scene.Kit.VirtualWorld.TraceHash);
    }

    private static async ActorTask<Answer> AskAsync(IActorContext context, IActorRef counter)
    {
        try
        {
            return await context.Ask<Answer>(counter, new Get(), TimeSpan.FromSeconds(10));
        }
        catch (AskTimeoutException)
        {
            return NotRecovered;
        }
    }

    private sealed record Story(int Asked, long Confirmed, long Recovered, ulong Hash);

    /// <summary>Asks for one after the other, and for a snapshot now and then.</summary>
    private sealed class User : ReceiveActor
    {
        public User(IActorRef counter, Action onAsked, Action<long> onConfirmed)
        {
            Receive<Answer>(answer =>
            {
                onConfirmed(answer.LastSequence);
                if (Context.Random.Next(5) == 0)
                {
                    counter.Tell(new TakeSnapshot());
                }

                onAsked();
                counter.Tell(new Add(1), Self);
            });
            counter.Tell(new Get(), Self);
        }
    }
}
