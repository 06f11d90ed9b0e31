using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Simulation.History;
using static Simulation.Host.Telemetry.MeterExtensions;

namespace Simulation.Host.Telemetry;

/// <summary>
/// What can be told of single messages: how long they took, how their publishes ended, which worker had them. It hears what the tracker
/// folds, so that participants in other processes count as those in this one do.
/// </summary>
internal sealed class MessageInstruments : IFoldObserver
{
    /// <summary>Workers beyond, which only a run that replaces them without end has, are counted together.</summary>
    private const int MostWorkers = 1000;

    private const string OtherWorkers = "other";
    private const string WorkerPrefix = "worker-";

    private readonly Histogram<double> _publish;
    private readonly Histogram<double> _endToEnd;
    private readonly Histogram<double> _processing;
    private readonly ConcurrentDictionary<string, WorkerCounts> _workers = new(StringComparer.Ordinal);

    /// <summary>Since when a worker has a message, in microseconds since 1970.</summary>
    private readonly Dictionary<MessageId, long> _inHand = [];

    private long _acknowledged;
    private long _rejected;
    private long _unknown;
    private long _gaps;

    public MessageInstruments(Meter meter)
    {
        _publish = meter.Histogram("simulation_publish_latency_seconds", "s", "Time from the intent to publish until the server's acknowledgement.", LatencyBounds);
        _endToEnd = meter.Histogram("simulation_end_to_end_latency_seconds", "s", "Time from when a message was to be sent until its first delivery.", LatencyBounds);
        _processing = meter.Histogram("simulation_message_processing_duration_seconds", "s", "Time from a delivery until the worker had processed it.", LatencyBounds);
        meter.Counter("simulation_publishes_total", "Publishes by their outcome; one message may take several.", () =>
        [
            new(_acknowledged, Tag("outcome", "acknowledged")), new(_rejected, Tag("outcome", "rejected")), new(_unknown, Tag("outcome", "unknown")),
        ]);
        meter.Counter("simulation_message_gaps_total", "Messages that were found missing below a later one; most of them come later.", () => [new(_gaps)]);
        meter.Counter("simulation_worker_messages_processed_total", "Messages that a worker processed, each time counted.", () => ByWorker(counts => counts.Processed));
        meter.Counter("simulation_worker_redeliveries_total", "Deliveries to a worker with a count above one.", () => ByWorker(counts => counts.Redelivered));
        meter.CreateObservableCounter("simulation_worker_processing_seconds_total",
            () => _workers.Select(worker => new Measurement<double>(worker.Value.Microseconds / 1e6, Tag("worker", worker.Key))),
            "s", "Time from delivery until processed, summed over a worker's messages.");
    }

    public void Acknowledged(int partition, long microseconds) => _publish.Record(microseconds / 1e6);

    public void Arrived(int partition, long microseconds) => _endToEnd.Record(microseconds / 1e6);

    /// <summary>As exactly as the fold's own buckets are.</summary>
    public void TakenUp(Fold fold)
    {
        _acknowledged += fold.PublishLatency.Count;
        Record(fold.PublishLatency, _publish);
        Record(fold.EndToEndLatency, _endToEnd);
    }

    public void GapOpened(long messages) => _gaps += messages;

    public void Folding(in HistoryRecord record, string participant)
    {
        switch (record.Type)
        {
            case RecordType.Acknowledged:
                _acknowledged++;
                break;
            case RecordType.Rejected:
                _rejected++;
                break;
            case RecordType.Unknown:
                _unknown++;
                break;
            case RecordType.Delivered:
                CountsOf(participant).Redelivered += record.Count > 1 ? 1 : 0;
                if (!record.Message.IsNone && record.Faults == MessageFaults.None)
                {
                    _inHand[record.Message] = record.Time;
                }

                break;
            case RecordType.NakSent:
                _inHand.Remove(record.Message);
                break;
            case RecordType.Processed:
                Processed(record, CountsOf(participant));
                break;
        }
    }

    private static void Record(LatencyHistogram latencies, Histogram<double> histogram)
    {
        foreach ((long upTo, long count) in latencies.Buckets())
        {
            for (long i = 0; i < count; i++)
            {
                histogram.Record(upTo / 1e6);
            }
        }
    }

    private void Processed(in HistoryRecord record, WorkerCounts worker)
    {
        worker.Processed++;
        if (_inHand.Remove(record.Message, out long since))
        {
            long took = Math.Max(0, record.Time - since);
            worker.Microseconds += took;
            _processing.Record(took / 1e6);
        }
    }

    private WorkerCounts CountsOf(string participant)
    {
        if (_workers.TryGetValue(participant, out WorkerCounts? counts))
        {
            return counts;
        }

        string name = participant.StartsWith(WorkerPrefix, StringComparison.Ordinal) && _workers.Count < MostWorkers ? participant : OtherWorkers;
        return _workers.GetOrAdd(name, _ => new WorkerCounts());
    }

    private IEnumerable<Measurement<long>> ByWorker(Func<WorkerCounts, long> value) =>
        _workers.Select(worker => new Measurement<long>(value(worker.Value), Tag("worker", worker.Key)));

    /// <summary>Written by the tracker alone; who reads may be a moment behind.</summary>
    private sealed class WorkerCounts
    {
        public long Processed;
        public long Redelivered;
        public long Microseconds;
    }
}
