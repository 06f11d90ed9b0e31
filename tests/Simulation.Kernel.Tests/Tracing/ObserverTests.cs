using Simulation.Testing;

namespace Simulation.Kernel.Tests.Tracing;

public sealed class ObserverTests
{
    [Fact]
    public async Task Observe_MessageBetweenActors_SaysWhoToldWhomAndWhenItWasHandled()
    {
        await using TestKit kit = TestKit.Virtual();
        IActorRef receiver = kit.ActorOf(Scripted.Props(a => a.On<Order>(_ => { })), "receiver");
        IActorRef sender = kit.ActorOf(Scripted.Props(a => a.On<string>(_ => receiver.Tell(new Order(7, [1, 2])))), "sender");
        kit.Advance(TimeSpan.FromSeconds(3));

        List<WorldEvent> events = Watch(kit, () => sender.Tell("go"));

        Assert.Contains("00:00:03.0000000 told      /sender -> /receiver Order { Number = 7, Lines = [1, 2] }", events.Select(e => e.ToString()));
        Assert.Contains(events, e => e is { Kind: WorldEventKind.Handled, Actor: "/receiver", Sender: null, Subject: Order });
    }

    [Fact]
    public async Task Observe_MessageOfManyTypes_IsWrittenForPeople()
    {
        await using TestKit kit = TestKit.Virtual();
        IActorRef receiver = kit.ActorOf(Scripted.Props(a => a.On<Report>(_ => { })), "receiver");
        var at = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

        List<WorldEvent> events = Watch(kit, () => receiver.Tell(new Report(true, at, new Spoken(3), new Shelf("B"))));

        Assert.Contains(events, e => e.ToString().EndsWith(
            "Report { IsUrgent = true, At = 2030-01-02 03:04:05.0000000, Room = room 3, Shelf = Shelf { Name = B } }", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Observe_Question_TheAnswerIsSeen()
    {
        await using TestKit kit = TestKit.Virtual();
        IActorRef knower = kit.ActorOf(Scripted.Props(a => a.On<string>(_ => a.Sender!.Tell(42, a.Self))), "knower");

        List<WorldEvent> events = Watch(kit, () => kit.Run(async context => await context.Ask<int>(knower, "what", TimeSpan.FromSeconds(1))));

        Assert.Contains(events, e => e is { Kind: WorldEventKind.Told, Sender: "/knower", Subject: 42 } && e.Actor.Contains("?ask="));
        Assert.Contains(events, e => e is { Kind: WorldEventKind.Resumed });
    }

    [Fact]
    public async Task Observe_Life_ShowsTimersFailuresRestartsAndEnds()
    {
        await using TestKit kit = TestKit.Virtual();
        List<WorldEvent> events = Watch(kit, () =>
        {
            IActorRef actor = kit.ActorOf(
                Scripted.Props(a =>
                {
                    a.Timers.StartSingleTimer("t", "tick", TimeSpan.FromSeconds(1));
                    a.On<string>(_ => throw new InvalidOperationException("no\nluck"));
                }),
                "mortal");
            kit.Advance(TimeSpan.FromSeconds(1.5));
            kit.System.Kill(actor);
            kit.System.Stop(kit.ActorOf(Scripted.Props(_ => { }), "polite"));
        });

        Assert.Equal(
            [WorldEventKind.Started, WorldEventKind.TimerFired, WorldEventKind.Handled, WorldEventKind.Failed, WorldEventKind.Restarted, WorldEventKind.Killed],
            events.Where(e => e.Actor == "/mortal").Select(e => e.Kind));
        Assert.EndsWith("failed    /mortal InvalidOperationException: no luck", events.Single(e => e.Kind == WorldEventKind.Failed).ToString());
        Assert.Contains(events, e => e is { Kind: WorldEventKind.Stopped, Actor: "/polite" });
    }

    [Fact]
    public async Task Note_FromAboveTheKernel_IsSeenWhileSomebodyWatches()
    {
        await using TestKit kit = TestKit.Virtual();
        kit.System.Note(WorldEventKind.Noted, "n1", null, "unseen");
        Assert.False(kit.System.IsObserved);

        List<WorldEvent> events = Watch(kit, () => kit.System.Note(WorldEventKind.Told, "n1", "/worker-1", "PUB a.b"));

        Assert.Equal("00:00:00.0000000 told      /worker-1 -> n1 PUB a.b", Assert.Single(events, e => e.Actor == "n1").ToString());
        Assert.DoesNotContain(events, e => e.Text == "unseen");
    }

    [Fact]
    public void Observe_Watching_ChangesNeitherOrderNorHash()
    {
        Assert.Equal(Chat(null), Chat(new Watcher([])));

        static (ulong, long) Chat(IWorldObserver? observer)
        {
            TestKit kit = TestKit.Virtual();
            kit.VirtualWorld!.Observe(observer);
            List<IActorRef> peers = [];
            for (int i = 0; i < 3; i++)
            {
                peers.Add(kit.ActorOf(Scripted.Props(a => a.On<int>(n => peers[a.Context.Random.Next(3)].Tell(n)))));
                peers[i].Tell(i);
            }

            kit.VirtualWorld.RunUntil(() => kit.VirtualWorld.Steps > 1_000, TimeSpan.FromSeconds(1));
            return (kit.VirtualWorld.TraceHash, kit.VirtualWorld.Steps);
        }
    }

    private static List<WorldEvent> Watch(TestKit kit, Action what)
    {
        List<WorldEvent> events = [];
        kit.VirtualWorld!.Observe(new Watcher(events));
        what();
        kit.Advance(TimeSpan.FromSeconds(1));
        kit.VirtualWorld.Observe(null);
        return events;
    }

    private sealed record Order(int Number, int[] Lines);

    private sealed record Report(bool IsUrgent, DateTimeOffset At, Spoken Room, Shelf Shelf);

    private sealed record Shelf(string Name);

    private readonly record struct Spoken(int Number)
    {
        public override string ToString() => $"room {Number}";
    }

    private sealed class Watcher(List<WorldEvent> events) : IWorldObserver
    {
        public void OnEvent(in WorldEvent worldEvent) => events.Add(worldEvent);
    }
}
