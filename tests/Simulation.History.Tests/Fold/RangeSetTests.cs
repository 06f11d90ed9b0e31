using FsCheck;
using FsCheck.Fluent;

namespace Simulation.History.Tests.Fold;

public sealed class RangeSetTests
{
    [Fact]
    public void AnyOperations_AgainstANaiveSet_Agree()
    {
        Gen<(int Value, bool Add)> operation = Gen.Choose(0, 40).Zip(Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false))))
            .Select(pair => (pair.Item1, pair.Item2));
        Prop.ForAll(operation.ListOf().ToArbitrary(), operations =>
        {
            RangeSet set = default;
            var naive = new SortedSet<long>();
            foreach ((int value, bool add) in operations)
            {
                bool changed = add ? set.Add(value) : set.Remove(value);
                if (changed != (add ? naive.Add(value) : naive.Remove(value)) || set.Count != naive.Count)
                {
                    return false;
                }
            }

            return IsSame(set, naive) && Enumerable.Range(-1, 43).All(value => set.Contains(value) == naive.Contains(value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Algebra_AgainstNaiveSets_Agrees()
    {
        Arbitrary<(int[] Left, int[] Right)> sets = Gen.Choose(0, 30).ArrayOf().Zip(Gen.Choose(0, 30).ArrayOf())
            .Select(pair => (pair.Item1, pair.Item2)).ToArbitrary();
        Prop.ForAll(sets, pair =>
        {
            RangeSet left = Of(pair.Left);
            RangeSet right = Of(pair.Right);
            return IsSame(left.Except(right), Naive(pair.Left.Except(pair.Right)))
                && IsSame(left.Intersect(right), Naive(pair.Left.Intersect(pair.Right)))
                && IsSame(left.Union(right), Naive(pair.Left.Union(pair.Right)))
                && left.CountBelow(15) == pair.Left.Distinct().Count(value => value < 15);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static RangeSet Of(IEnumerable<int> values)
    {
        RangeSet set = default;
        foreach (int value in values)
        {
            set.Add(value);
        }

        return set;
    }

    private static SortedSet<long> Naive(IEnumerable<int> values) => [.. values.Select(value => (long)value)];

    private static bool IsSame(in RangeSet set, SortedSet<long> naive)
    {
        int ranges = naive.Count(value => !naive.Contains(value - 1));
        return set.Values().SequenceEqual(naive) && set.Count == naive.Count && set.Ranges == ranges
            && (naive.Count == 0 || (set.Min == naive.Min && set.Max == naive.Max));
    }
}
