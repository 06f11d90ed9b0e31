using System.Buffers;
using System.Text;
using Simulation.Host.Telemetry;

namespace Simulation.Host.Tests.Telemetry;

internal static class MetricCollectorExtensions
{
    public static string Write(this MetricCollector collector, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        collector.Write(format, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
