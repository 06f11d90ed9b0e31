using System.Text;

namespace Simulation.Host.CommandLine;

/// <summary>Writes where writing may stop to work: to a terminal that is closed, or into a file on a disk that is full.</summary>
/// <param name="inner">What is written to.</param>
/// <param name="failed">Told each time; what it does not throw is forgotten.</param>
internal sealed class GuardedWriter(TextWriter inner, Action<IOException> failed) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guard(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Guard(() => inner.Write(value));

    public override void WriteLine() => Guard(inner.WriteLine);

    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    public override void Flush() => Guard(inner.Flush);

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException error)
        {
            failed(error);
        }
    }
}
