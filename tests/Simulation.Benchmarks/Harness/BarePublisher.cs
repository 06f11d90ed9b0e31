using System.Text;
using Simulation.Actors;
using Simulation.JetStream;
using Simulation.Kernel;
using Simulation.Workload;

namespace Simulation.Benchmarks.Harness;

/// <summary>Publishes to a share of the partitions in turn, a window ahead of the acknowledgements. The body is always the same; the message id is not.</summary>
internal sealed class BarePublisher : ReceiveActor
{
    private readonly int _number;
    private readonly IJetStreamConnector _connector;
    private readonly BareTally _tally;
    private readonly PartitionRange _range;
    private readonly byte[][] _subjects;
    private readonly byte[] _runId;
    private readonly byte[] _messageId;
    private readonly byte[] _body;
    private IJetStreamConnection? _connection;

    private BarePublisher(int number, RunOptions run, IJetStreamConnector connector, BareTally tally)
    {
        _number = number;
        _connector = connector;
        _tally = tally;
        _range = run.Workload.Producers[number];
        _subjects = [.. Enumerable.Range(_range.First, _range.Count).Select(partition => Encoding.UTF8.GetBytes(FullRate.Topology.SubjectOf(partition)))];
        _runId = Encoding.UTF8.GetBytes(run.RunId);
        _messageId = new byte[NatsMessageId.MaxLength(_runId.Length)];
        byte[] body = new byte[MessageCodec.BufferSize(FullRate.MessageSize)];
        var header = new MessageHeader(_range.First, number, 1000, 100_000, 1_700_000_000_000_000, 1);
        MessageCodec.TryWrite(body, header, FullRate.MessageSize, out int length);
        _body = body[..length];
    }

    public static Props Props(int number, RunOptions run, IJetStreamConnector connector, BareTally tally) =>
        Simulation.Kernel.Props.Create(() => new BarePublisher(number, run, connector, tally));

    protected override void PreStart() => Context.Spawn(PublishAsync);

    protected override void PostStop() => _connection?.Abort();

    private async ActorTask PublishAsync()
    {
        _connection = await _connector.ConnectAsync(Self.Name);
        _tally.IsReady();
        while (!_tally.HasStarted)
        {
            await Context.Delay(TimeSpan.FromMilliseconds(1));
        }

        var inFlight = new Queue<ActorTask<PublishOutcome>>();
        long count = 0;
        while (!_tally.IsStopped || inFlight.Count > 0)
        {
            while (!_tally.IsStopped && inFlight.Count < FullRate.Window)
            {
                inFlight.Enqueue(Publish(count++));
            }

            if (inFlight.TryDequeue(out ActorTask<PublishOutcome> oldest) && !(await oldest).IsAcknowledged)
            {
                throw new InvalidOperationException("a publish was not acknowledged");
            }
        }

        _tally.Published(_number, count);
    }

    private ActorTask<PublishOutcome> Publish(long count)
    {
        int slot = (int)(count % _range.Count);
        new NatsMessageId(_runId, _range.First + slot, (count / _range.Count) + 1).TryFormat(_messageId, out int idLength);
        return _connection!.PublishAsync(new PublishMessage { Subject = _subjects[slot], MessageId = _messageId.AsSpan(0, idLength), Payload = _body });
    }
}
