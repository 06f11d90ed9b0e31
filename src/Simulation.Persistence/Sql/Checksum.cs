using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Simulation.Persistence;

/// <summary>Of a row: over everything that it says, and whose it is, so that a row in another's place is noticed too.</summary>
internal static class Checksum
{
    public static string Of(StoredRecord record) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{record.PersistenceId}\n{record.Sequence}\n{record.At:O}\n{record.Type}\n{record.Version}\n{record.Json}"))));
}
