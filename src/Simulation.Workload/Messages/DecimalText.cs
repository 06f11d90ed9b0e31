namespace Simulation.Workload;

/// <summary>Reads the one spelling that the writers use: digits only, and no leading zero, so that a changed byte never reads as the same number.</summary>
internal static class DecimalText
{
    public static bool TryRead(ReadOnlySpan<byte> text, long max, out long value, out int digits)
    {
        value = 0;
        for (digits = 0; digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            var digit = text[digits] - '0';
            if (value > (max - digit) / 10)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return digits == 1 || (digits > 1 && text[0] != '0');
    }
}
