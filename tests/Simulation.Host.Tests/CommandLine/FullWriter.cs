using System.Text;

namespace Simulation.Host.Tests.CommandLine;

/// <summary>To a disk without room.</summary>
internal sealed class FullWriter : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("No space left on device");
}
