using Simulation.JetStream;

namespace Simulation.Model;

/// <summary>Who pulled, on the participant's side.</summary>
internal interface IPuller
{
    void OnDelivery(RemotePull pull, ServedMessage message);

    void OnEnd(RemotePull pull, in PullStatus status);

    /// <summary>Heartbeats stayed away.</summary>
    void OnSilence(RemotePull pull);
}

/// <summary>One pull request on its way to the server, waiting there, and answered over the session that it came by.</summary>
internal sealed class RemotePull(Session session, IPuller puller) : IPullSink
{
    /// <summary>Before this, servers keep silent about a consumer that is not there.</summary>
    private static readonly Version SaysWhenAbsent = new(2, 10);

    /// <summary>After which a participant knows that nobody knows of its pull.</summary>
    private static readonly TimeSpan MissedHeartbeats = TimeSpan.FromSeconds(20);

    public object Owner => session;

    public bool IsOf(IPuller asker) => puller == asker;

    public void Send(string stream, string consumer, FetchRequest request) => session.ToServer(new Asking(this, stream, consumer, request));

    /// <summary>Nobody listens to it any more.</summary>
    public void Cancel(string stream, string consumer) =>
        session.ToServer(server => server.FindConsumer(stream, consumer)?.Forget(sink => sink == this));

    void IPullSink.Deliver(ServedMessage message)
    {
        message.Recipient = this;
        session.ToClient(message);
    }

    public void OnDelivery(ServedMessage message) => puller.OnDelivery(this, message);

    public void End(in PullStatus status)
    {
        PullStatus copy = status;
        session.ToClient(() => puller.OnEnd(this, copy));
    }

    public void FallSilent()
    {
        if (session.IsOpenAtServer)
        {
            session.System.Schedule(MissedHeartbeats, () => puller.OnSilence(this));
        }
    }

    private sealed class Asking(RemotePull pull, string stream, string consumer, FetchRequest request) : IRequest
    {
        public void DoAt(ModelCluster cluster)
        {
            try
            {
                if (cluster.FindConsumer(stream, consumer) is { } found)
                {
                    found.Pull(request, pull);
                }
                else if (cluster.Options.Version >= SaysWhenAbsent)
                {
                    pull.End(PullStatus.NoResponders(request.Batch));
                }
                else
                {
                    pull.FallSilent();
                }
            }
            catch (NoAnswerException)
            {
                pull.FallSilent();
            }
        }
    }
}
