using Simulation.Host.Configuration.Schema;
using Simulation.Host.Configuration.Values;

namespace Simulation.Host.Configuration;

public sealed record MessageSection
{
    [Key("Size of a message's body. A message is never shorter than its fields and checksum need.", Min = "0B", Max = "1MB")]
    public ByteSize Size { get; init; } = new(256);
}
