using Simulation.Nats.Embedded;
using Simulation.TestServers;

namespace Simulation.Nats.Tests.Embedded;

public sealed class StoreDamageTests : IDisposable
{
    private const int Size = 200_000;

    private readonly TestFolder _folder = new();
    private readonly string _file;

    public StoreDamageTests()
    {
        _file = Path.Combine(_folder.Path, "1.blk");
        File.WriteAllBytes(_file, Enumerable.Repeat((byte)0xAA, Size).ToArray());
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>More than is written at a time.</summary>
    [Fact]
    public void Zero_PartOfAFile_ClearsThatAndNothingElse()
    {
        StoreDamage.Zero(_file, 1000, 150_000);

        byte[] bytes = File.ReadAllBytes(_file);
        Assert.Equal(Size, bytes.Length);
        Assert.All(bytes[1000..151_000], value => Assert.Equal(0, value));
        Assert.All(bytes[..1000].Concat(bytes[151_000..]), value => Assert.Equal(0xAA, value));
    }

    [Fact]
    public void Truncate_File_KeepsItsBeginning()
    {
        StoreDamage.Truncate(_file, 777);

        Assert.Equal(Enumerable.Repeat((byte)0xAA, 777), File.ReadAllBytes(_file));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, 0)]
    [InlineData(Size - 5, 6)]
    public void Zero_OutsideOfTheFile_IsRefused(long offset, long length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreDamage.Zero(_file, offset, length));
}
