namespace Simulation.Kernel.Tests;

public sealed class AlarmTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly VirtualDispatcher _world = Dispatchers.Virtual(1);
    private readonly List<TimeSpan> _rang = [];
    private readonly Alarm _alarm;

    public AlarmTests() => _alarm = ActorSystem.Create("test", _world, 1).CreateAlarm(() => _rang.Add(_world.Elapsed));

    [Fact]
    public void Set_AgainBeforeItRings_RingsOnceAtTheLaterTime()
    {
        _alarm.Set(Second);
        _alarm.Set(3 * Second);
        _world.RunUntil(10 * Second);

        Assert.Equal([3 * Second], _rang);
    }

    [Fact]
    public void Set_AfterItRang_RingsAgain()
    {
        _alarm.Set(Second);
        _world.RunUntil(5 * Second);
        _alarm.Set(Second);
        _world.RunUntil(10 * Second);

        Assert.Equal([Second, 6 * Second], _rang);
    }

    [Fact]
    public void Clear_BeforeItRings_ItDoesNot()
    {
        _alarm.Set(Second);
        _alarm.Clear();
        _world.RunUntil(10 * Second);

        Assert.Empty(_rang);
    }
}
