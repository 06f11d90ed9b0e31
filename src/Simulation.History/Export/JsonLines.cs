using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Simulation.History;

/// <summary>One JSON object a line, into a stream that stays its owner's to close.</summary>
internal sealed class JsonLines : IDisposable
{
    private const int Enough = 64 * 1024;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(Enough);

    public JsonLines(Stream output)
    {
        _output = output;
        Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public Utf8JsonWriter Json { get; }

    public void EndLine()
    {
        Json.Flush();
        Json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount > Enough)
        {
            WriteOut();
        }
    }

    public void Dispose()
    {
        Json.Dispose();
        WriteOut();
        _output.Flush();
    }

    private void WriteOut()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
