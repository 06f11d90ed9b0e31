namespace Simulation.Host.Reports.Comparing;

/// <summary>
/// Block bootstrap: draws as many blocks of each run as it has, with repetition, again and again, and sees how far what they amount to
/// varies. Blocks, not seconds: a slow second is followed by another. The dice are loaded: the same runs give the same interval.
/// </summary>
internal static class Bootstrap
{
    private const int Draws = 2000;
    private const int Seed = 20_261;

    /// <param name="first">What a sample of the first run's blocks amounts to.</param>
    /// <param name="firstBlocks">How many it has.</param>
    /// <param name="second">The same of the second run.</param>
    /// <param name="secondBlocks">How many it has.</param>
    /// <param name="confidence">Of the interval, below 1.</param>
    /// <returns>The interval of the second as a share of the first, less one: 0.1 is a tenth more.</returns>
    public static (double Low, double High) Change(Func<int[], double> first, int firstBlocks, Func<int[], double> second, int secondBlocks, double confidence)
    {
        var dice = new Random(Seed);
        var changes = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            changes[draw] = Ratio(first(Draw(dice, firstBlocks)), second(Draw(dice, secondBlocks)));
        }

        Array.Sort(changes);
        double tail = (1 - confidence) / 2;
        return (changes[(int)(tail * (Draws - 1))], changes[(int)Math.Ceiling((1 - tail) * (Draws - 1))]);
    }

    /// <summary>From nothing to something is more than any share; from nothing to nothing is no change.</summary>
    public static double Ratio(double first, double second) =>
        first == 0 ? second == 0 ? 0 : double.PositiveInfinity : (second / first) - 1;

    private static int[] Draw(Random dice, int blocks)
    {
        var sample = new int[blocks];
        for (int i = 0; i < blocks; i++)
        {
            sample[i] = dice.Next(blocks);
        }

        return sample;
    }
}
