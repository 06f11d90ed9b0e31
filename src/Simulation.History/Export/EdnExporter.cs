using System.Globalization;
using System.Text;

namespace Simulation.History;

/// <summary>
/// A queue as Jepsen's checkers know it: a publish is an <c>:enqueue</c> (acknowledged :ok, rejected :fail, unknown :info), a delivery begins
/// a <c>:dequeue</c> that is :ok once processed, faults belong to the <c>:nemesis</c>. A Jepsen process does one thing at a time and is
/// never heard of again after an :info; a participant here does many, so that every operation in flight has a process number of its own.
/// </summary>
internal sealed class EdnExporter(Stream output) : IRecordExporter
{
    private readonly StreamWriter _output = new(output, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
    private readonly Dictionary<(string Participant, string Operation, MessageId Message), int> _running = [];
    private readonly Stack<int> _free = [];
    private long _index;
    private int _processes;

    public void Write(string participant, in HistoryRecord record)
    {
        switch (record.Type)
        {
            case RecordType.Intent:
                Invoke(participant, "enqueue", record, value: record.Message);
                break;
            case RecordType.Acknowledged:
                Complete(participant, "enqueue", "ok", record);
                break;
            case RecordType.Rejected:
                Complete(participant, "enqueue", "fail", record);
                break;
            case RecordType.Unknown:
                Complete(participant, "enqueue", "info", record);
                break;
            case RecordType.Delivered when record.Faults == MessageFaults.None && !record.Message.IsNone:
                Invoke(participant, "dequeue", record, value: null);
                break;
            case RecordType.Processed:
                Complete(participant, "dequeue", "ok", record);
                break;
            case RecordType.NakSent:
            case RecordType.TermSent:
                Complete(participant, "dequeue", "fail", record);
                break;
            case RecordType.FaultStarted:
            case RecordType.FaultBit:
            case RecordType.FaultMissed:
            case RecordType.FaultEnded:
                Line("info", ":nemesis", NemesisOperation(record.Type), Text(record.Text ?? record.A.ToString(CultureInfo.InvariantCulture)), record.Time);
                break;
        }
    }

    public void Dispose() => _output.Dispose();

    private void Invoke(string participant, string operation, in HistoryRecord record, MessageId? value)
    {
        var key = (participant, operation, record.Message);
        if (_running.Remove(key, out int abandoned))
        {
            Line("info", Number(abandoned), operation, Value(record.Message), record.Time); // Its end was never recorded.
        }

        int process = _free.TryPop(out int free) ? free : _processes++;
        _running.Add(key, process);
        Line("invoke", Number(process), operation, value is MessageId known ? Value(known) : "nil", record.Time);
    }

    private void Complete(string participant, string operation, string type, in HistoryRecord record)
    {
        if (!_running.Remove((participant, operation, record.Message), out int process))
        {
            return;
        }

        Line(type, Number(process), operation, Value(record.Message), record.Time);
        if (type != "info")
        {
            _free.Push(process);
        }
    }

    private void Line(string type, string process, string operation, string value, long time) => _output.Write(string.Create(
        CultureInfo.InvariantCulture,
        $"{{:index {_index++}, :type :{type}, :process {process}, :f :{operation}, :value {value}, :time {time * 1000}}}\n"));

    private static string NemesisOperation(RecordType type) => type switch
    {
        RecordType.FaultStarted => "start",
        RecordType.FaultEnded => "stop",
        RecordType.FaultBit => "bit",
        _ => "missed",
    };

    private static string Value(MessageId message) => string.Create(CultureInfo.InvariantCulture, $"[{message.Partition} {message.Sequence}]");

    private static string Number(int process) => process.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
