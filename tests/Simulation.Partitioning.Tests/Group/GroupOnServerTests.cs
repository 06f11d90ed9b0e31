using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Nats;
using Simulation.Nats.Connection;
using Simulation.Nats.Embedded;
using Simulation.Partitioning.Tests.Assigning;
using Simulation.Testing;
using Simulation.TestServers;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>The whole path: actors in the real world, the client, a real nats-server.</summary>
public sealed class GroupOnServerTests
{
    private const int Units = 60;

    private static readonly GroupOptions Options = new()
    {
        LeaseTtl = TimeSpan.FromSeconds(3),
        ColdStartWindow = TimeSpan.FromSeconds(20),
        PlannedChangeWindow = TimeSpan.FromMilliseconds(200),
        ExpectedMembers = 5,
    };

    [SkippableTheory]
    [MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task Group_JoinKillLeaveAndLeaderKilled_EveryUnitEndsWithExactlyOneOwner(string version)
    {
        using var folder = new TestFolder();
        await using var server = await EmbeddedNatsServer.StartAsync(
            new EmbeddedNatsServerOptions { Binary = await TestServerVersions.LocateAsync(version), Folder = folder.Path });
        await using var kit = TestKit.Real();
        using var connector = new NatsConnector(new NatsOptions { Url = server.Url }, kit.System);
        var board = new OwnershipBoard(Units);
        kit.Run(async context => await GroupBuckets.FoundAsync(await connector.ConnectAsync("test"), "test"));

        var workers = Enumerable.Range(0, 5).ToDictionary(
            number => $"w{number}", number => kit.ActorOf(() => new TestWorker(board, context => JoinAsync(connector, context)), $"w{number}"));
        kit.AwaitCondition(() => board.IsWholeAmong(5), "five share the units");

        Kill(workers.Keys.First(name => name != board.LeaderName));
        kit.AwaitCondition(() => board.IsWholeAmong(4), "four share the units after a kill");

        workers.First(worker => worker.Key != board.LeaderName && board.CountOf(worker.Key) > 0).Value.Tell(new LeaveGroup());
        kit.AwaitCondition(() => board.IsWholeAmong(3), "three share the units after a leave");

        var first = board.LeaderName!;
        Kill(first);
        kit.AwaitCondition(() => board.IsWholeAmong(2), "two share the units after the leader was killed");

        Assert.Empty(board.Overlaps);
        Assert.NotEqual(first, board.LeaderName);
        var assignment = kit.Run(async _ => await GroupBuckets.ReadAssignmentAsync(new GroupBucket(await connector.ConnectAsync("reader"), "test")));
        Assert.Equal(2, assignment!.Members.Length);
        Assert.Equal(board.News.OfType<LeaderElected>().Max(elected => elected.Epoch), assignment.Epoch);

        void Kill(string name)
        {
            kit.System.Kill(workers[name]);
            board.StopAll(name);
        }
    }

    /// <summary>No lease runs out within the time of a test.</summary>
    [SkippableTheory]
    [MemberData(nameof(TestServerVersions.All), MemberType = typeof(TestServerVersions))]
    public async Task Refound_AllAreDead_NextOnesDoNotWaitForTheirLeases(string version)
    {
        GroupOptions options = Options with { LeaseTtl = TimeSpan.FromHours(1), ExpectedMembers = 3 };
        using var folder = new TestFolder();
        await using var server = await EmbeddedNatsServer.StartAsync(
            new EmbeddedNatsServerOptions { Binary = await TestServerVersions.LocateAsync(version), Folder = folder.Path });
        await using var kit = TestKit.Real();
        using var connector = new NatsConnector(new NatsOptions { Url = server.Url }, kit.System);
        var board = new OwnershipBoard(Units);
        kit.Run(async context => await GroupBuckets.FoundAsync(await connector.ConnectAsync("test"), "test"));
        IActorRef[] former = [.. Start("former")];
        kit.AwaitCondition(() => board.IsWholeAmong(3), "three share the units");
        foreach (IActorRef worker in former)
        {
            kit.System.Kill(worker);
            board.StopAll(worker.Name);
        }

        kit.Run(async context => await GroupBuckets.RefoundAsync(await connector.ConnectAsync("next"), "test"));
        Start("next");

        kit.AwaitCondition(() => board.IsWholeAmong(3), "the next three share the units");
        Assert.Empty(board.Overlaps);

        IEnumerable<IActorRef> Start(string name) =>
            [.. Enumerable.Range(0, 3).Select(number => kit.ActorOf(() => new TestWorker(board, context => JoinAsync(connector, context, options)), $"{name}{number}"))];
    }

    private static async ActorTask<Props> JoinAsync(NatsConnector connector, IActorContext context, GroupOptions? options = null)
    {
        IJetStreamConnection connection = await connector.ConnectAsync(context.Self.Name);
        return GroupMember.Props(
            new GroupBucket(connection, "test"),
            options ?? Options,
            new GroupPlan(Workers.EvenWeights(Units), AssignmentStrategies.Create("ConsistentHash", new StrategyOptions())));
    }
}
