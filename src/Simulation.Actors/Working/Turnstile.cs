using Simulation.Kernel;

namespace Simulation.Actors;

/// <summary>Lets the loops of one actor through one at a time, in the order in which they came.</summary>
internal sealed class Turnstile
{
    private readonly Queue<Promise<bool>> _waiting = new();
    private bool _taken;

    public async ActorTask EnterAsync()
    {
        if (_taken)
        {
            Promise<bool> turn = Promise<bool>.Rent();
            _waiting.Enqueue(turn);
            await turn.Task;
        }

        _taken = true;
    }

    public void Leave()
    {
        if (_waiting.TryDequeue(out Promise<bool> next))
        {
            next.TrySetResult(true);
        }
        else
        {
            _taken = false;
        }
    }
}
