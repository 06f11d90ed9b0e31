using Simulation.Host.Run;

namespace Simulation.Host.Tests.Run;

public sealed class ShutdownTests
{
    [Fact]
    public void Signal_First_AsksForTheDrainOnly()
    {
        var said = new List<string>();
        using var shutdown = new Shutdown(said.Add, listen: false);

        Assert.True(shutdown.Signal());

        Assert.True(shutdown.WasAskedToDrain);
        Assert.False(shutdown.WasAskedToStop);
        Assert.Single(said);
    }

    [Fact]
    public void Signal_Second_StopsAndThirdLetsGo()
    {
        using var shutdown = new Shutdown(_ => { }, listen: false);

        Assert.True(shutdown.Signal());
        Assert.True(shutdown.Signal());

        Assert.True(shutdown.WasAskedToStop);
        Assert.False(shutdown.Signal());
    }
}
