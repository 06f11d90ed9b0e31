using Simulation.History;

namespace Simulation.Host.Reports.Comparing;

/// <summary>The steady time of a run in blocks: of five seconds, or of more where there would be too many.</summary>
internal sealed class SteadyBlocks
{
    /// <summary>Fewer say nothing about how much they vary.</summary>
    public const int Fewest = 8;

    private const int Most = 200;
    private const int LeastSeconds = 5;

    private readonly HalvingPieces<SteadyBlock> _pieces = new(Most, LeastSeconds);

    /// <summary>Of one block.</summary>
    public int BlockSeconds => _pieces.WidthInSeconds;

    /// <summary>Whole ones only.</summary>
    public IReadOnlyList<SteadyBlock> Blocks => _pieces.Whole;

    public int SteadySeconds { get; private set; }

    public void Add(SecondView view)
    {
        if (view.Second.Scope == RunScope.Steady)
        {
            SteadySeconds++;
            _pieces.Add(view);
        }
    }
}
