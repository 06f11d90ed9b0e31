using System.Buffers.Text;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Simulation.Nats.Security;

/// <summary>
/// An Ed25519 key in NATS's spelling: base32 without padding over prefix, key and CRC-16. Seeds begin with S and the role (SU is a user's),
/// public keys with the role (U…).
/// </summary>
internal sealed class NKey
{
    private const int SeedPrefix = 18 << 3;
    private const int KeyBytes = 32;
    private const int SeedBytes = 2 + KeyBytes + 2;

    private readonly Ed25519PrivateKeyParameters _private;

    private NKey(byte role, byte[] seed)
    {
        _private = new Ed25519PrivateKeyParameters(seed, 0);
        byte[] publicKey = [role, .. _private.GeneratePublicKey().GetEncoded()];
        PublicKey = Base32.Encode([.. publicKey, .. Crc16.LittleEndian(publicKey)]);
    }

    public string PublicKey { get; }

    /// <exception cref="FormatException">It is not a seed; the message does not show it.</exception>
    public static NKey FromSeed(string seed)
    {
        byte[] raw = Base32.Decode(seed.Trim());
        if (raw.Length != SeedBytes || (raw[0] & 0xf8) != SeedPrefix || !raw.AsSpan(^2..).SequenceEqual(Crc16.LittleEndian(raw.AsSpan(..^2))))
        {
            throw new FormatException("This is not an NKey seed: 58 characters beginning with S were expected, with a matching checksum.");
        }

        byte role = (byte)(((raw[0] & 7) << 5) | ((raw[1] & 0xf8) >> 3));
        return new NKey(role, raw[2..^2]);
    }

    /// <param name="role">The letter of the role: U user, A account, O operator.</param>
    /// <param name="key">32 secret bytes.</param>
    public static string EncodeSeed(char role, ReadOnlySpan<byte> key)
    {
        int prefix = (role - 'A') << 3;
        byte[] raw = [(byte)(SeedPrefix | (prefix >> 5)), (byte)((prefix & 31) << 3), .. key];
        return Base32.Encode([.. raw, .. Crc16.LittleEndian(raw)]);
    }

    public byte[] Sign(byte[] data)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, _private);
        signer.BlockUpdate(data, 0, data.Length);
        return signer.GenerateSignature();
    }

    /// <summary>The server's nonce, signed and spelled as CONNECT wants it.</summary>
    public string SignNonce(string nonce) => Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(nonce)));

    public override string ToString() => $"NKey {PublicKey}";
}
