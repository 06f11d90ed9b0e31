using Simulation.Host.Configuration.Schema;
using Simulation.Host.Configuration.Values;

namespace Simulation.Host.Configuration;

public sealed record MessageSection
{
    [Key("Size of a message's body: fields, payload and checksum.", Min = "128B", Max = "1MiB")]
    public ByteSize Size { get; init; } = new(256);
}
