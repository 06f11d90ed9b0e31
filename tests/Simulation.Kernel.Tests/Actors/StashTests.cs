using Simulation.Testing;

namespace Simulation.Kernel.Tests.Actors;

public sealed class StashTests
{
    private static Props Gate(TestProbe probe) => Scripted.Props(a =>
    {
        a.On<string>(command =>
        {
            if (command == "all")
            {
                a.Enter(Open);
                a.Stash.UnstashAll();
            }
            else if (command == "one")
            {
                a.EnterStacked(OpenOnce);
                a.Stash.Unstash();
            }
            else
            {
                throw new InvalidOperationException(command);
            }
        });
        a.On<int>(_ => a.Stash.Stash());
        a.On<double>(_ => probe.Tell($"{a.Stash.Count} stashed"));

        void Open() => a.On<int>(n => probe.Tell(n));

        void OpenOnce() => a.On<int>(n =>
        {
            probe.Tell(n);
            a.Leave();
        });
    });

    [Theory]
    [InBothWorlds]
    public async Task UnstashAll_MoreInTheMailbox_StashedComeFirstInOrder(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef gate = kit.ActorOf(Gate(probe));

        foreach (object message in new object[] { 1, 2, 3, "all", 4 })
        {
            gate.Tell(message);
        }

        for (int n = 1; n <= 4; n++)
        {
            probe.ExpectMsgEqual(n);
        }
    }

    [Theory]
    [InBothWorlds]
    public async Task Unstash_One_PutsBackTheOldest(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef gate = kit.ActorOf(Gate(probe));

        foreach (object message in new object[] { 1, 2, "one", "all" })
        {
            gate.Tell(message);
        }

        probe.ExpectMsgEqual(1);
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Stash_Restart_PutsMessagesBack(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef gate = kit.ActorOf(Gate(probe));

        foreach (object message in new object[] { 1, 2, "fail", "all" })
        {
            gate.Tell(message);
        }

        probe.ExpectMsgEqual(1);        // back in the mailbox, stashed again by the new incarnation, then let out
        probe.ExpectMsgEqual(2);
    }

    [Theory]
    [InBothWorlds]
    public async Task Stash_Stop_MessagesBecomeDeadLetters(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef gate = kit.ActorOf(Gate(probe));
        gate.Tell(1);
        gate.Tell(2);
        gate.Tell(1.0);
        probe.ExpectMsgEqual("2 stashed");

        kit.System.Stop(gate);

        kit.AwaitCondition(() => kit.System.DeadLetterCount == 2, "two dead letters");
    }

    [Theory]
    [InBothWorlds]
    public async Task Stash_SameMessageTwice_Throws(World world)
    {
        await using TestKit kit = TestKit.In(world);
        TestProbe probe = kit.CreateTestProbe();
        IActorRef actor = kit.ActorOf(Scripted.Props(a => a.On<int>(_ =>
        {
            a.Stash.Stash();
            probe.Tell(Assert.Throws<InvalidOperationException>(a.Stash.Stash));
        })));

        actor.Tell(1);

        probe.ExpectMsg<InvalidOperationException>();
    }
}
