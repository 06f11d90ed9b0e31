using Simulation.History;

namespace Simulation.Host.Reports.Comparing;

/// <summary>The steady time of a run in blocks: of five seconds, or of more where there would be too many. One pass, bounded memory.</summary>
internal sealed class SteadyBlocks
{
    /// <summary>Fewer say nothing about how much they vary.</summary>
    public const int Fewest = 8;

    private const int Most = 200;
    private const int LeastSeconds = 5;

    private readonly List<SteadyBlock> _blocks = [];
    private SteadyBlock _open = new();

    /// <summary>Of one block.</summary>
    public int BlockSeconds { get; private set; } = LeastSeconds;

    /// <summary>Whole ones only.</summary>
    public IReadOnlyList<SteadyBlock> Blocks => _blocks;

    public int SteadySeconds { get; private set; }

    public void Add(SecondView view)
    {
        if (view.Second.Scope != RunScope.Steady)
        {
            return;
        }

        SteadySeconds++;
        _open.Add(view);
        if (_open.Seconds < BlockSeconds)
        {
            return;
        }

        _blocks.Add(_open);
        _open = new SteadyBlock();
        if (_blocks.Count == Most)
        {
            Halve();
        }
    }

    private void Halve()
    {
        for (int i = 0; i < Most / 2; i++)
        {
            _blocks[i] = _blocks[2 * i];
            _blocks[i].Merge(_blocks[(2 * i) + 1]);
        }

        _blocks.RemoveRange(Most / 2, Most / 2);
        BlockSeconds *= 2;
    }
}
