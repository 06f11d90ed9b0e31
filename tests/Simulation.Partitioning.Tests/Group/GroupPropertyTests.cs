using FsCheck;
using FsCheck.Fluent;

namespace Simulation.Partitioning.Tests.Group;

/// <summary>Random histories of a group, each from one seed.</summary>
public sealed class GroupPropertyTests
{
    private const int Units = 24;

    private static readonly TimeSpan LongEnoughToHeal = TimeSpan.FromSeconds(120);

    [Fact]
    public void Group_RandomHistory_NoUnitIsEverHeldTwiceAndAllAreOwnedInTheEnd() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Check(seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private static bool Check(int seed)
    {
        var verdict = Live(seed);
        Assert.True(verdict is null, $"seed {seed}: {verdict}");
        return true;
    }

    /// <returns>What went wrong; null for nothing.</returns>
    internal static string? Live(int seed)
    {
        var dice = new Random(seed);
        var world = new ModelWorld(seed, Units, AssignmentStrategies.Names[dice.Next(3)]) { Trouble = dice.Next(4) * 0.04 };
        for (var i = dice.Next(1, 6); i > 0; i--)
        {
            world.Join();
        }

        for (var steps = dice.Next(5, 25); steps > 0 && world.Violation is null; steps--)
        {
            Disturb(world, dice);
            world.Run(TimeSpan.FromMilliseconds(dice.Next(1, 1 << dice.Next(4, 14))));
        }

        world.Trouble = 0;

        // Everybody else may be on the way out.
        world.Join();
        world.Run(LongEnoughToHeal);
        return world.Violation ?? Unowned(world);
    }

    private static void Disturb(ModelWorld world, Random dice)
    {
        var working = world.Working.ToArray();
        var victim = working.Length == 0 ? null : working[dice.Next(working.Length)];
        var leader = working.FirstOrDefault(member => member.Core.Membership?.IsLeader == true);
        var duration = TimeSpan.FromMilliseconds(dice.Next(1, 1 << dice.Next(8, 15)));
        switch (dice.Next(10))
        {
            case 0 or 1 when working.Length < 8:
                world.Join();
                break;
            case 2:
                victim?.Crash();
                break;
            case 3:
                leader?.Crash();
                break;
            case 4:
                victim?.Leave();
                break;
            case 5:
                victim?.Stall(duration);
                break;
            case 6:
                leader?.Stall(duration);
                break;
            case 7:
                victim?.Cut(duration);
                break;
            case 8:
                leader?.Cut(duration);
                break;
            case 9 when victim?.Core.Membership is { } membership:
                world.Store.Delete(GroupKeys.Member(membership.Identity.Id));
                break;
            default:
                break;
        }
    }

    private static string? Unowned(ModelWorld world)
    {
        foreach (var unit in Enumerable.Range(0, Units))
        {
            if (world.HoldersOf(unit).Length != 1)
            {
                return $"unit {unit} has {world.HoldersOf(unit).Length} owners in the end, with {world.Working.Count()} members at work";
            }
        }

        return null;
    }
}
