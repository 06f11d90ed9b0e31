using System.Diagnostics;

namespace Simulation.Nats.Embedded;

/// <summary>The disk of a limited size could not be made; the message says what would be needed.</summary>
public sealed class QuotaDiskException(string message) : Exception(message);

/// <summary>
/// A file system of its own and of limited size at a folder: an image file, mounted. It can be filled up to the last byte and emptied again without
/// anybody else on the machine noticing. It is unmounted when it is disposed of, and when this process is gone.
/// </summary>
public sealed class QuotaDisk : IAsyncDisposable
{
    private const string BallastName = ".ballast";

    /// <summary>
    /// $1 is the image, $2 its size, $3 the folder. Says "mounted", or what went wrong; then waits for the end of its standard input. At that moment a
    /// server that has files there is being killed, too: unmounting waits for it a little, and else lets the kernel finish when it is gone.
    /// </summary>
    private const string Keeper = """
        exec 3<&0 </dev/null
        trap '' INT HUP TERM
        {
            PATH=$PATH:/sbin:/usr/sbin
            rm -f "$1" && truncate -s "$2" "$1" && mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,nodiscard "$1" && mount -o loop "$1" "$3" && chmod 777 "$3"
        } 2>&1 || exit 1
        echo mounted
        exec >/dev/null 2>&1
        while read -r _; do :; done <&3
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            if umount "$3"; then rm -f "$1"; exit 0; fi
            sleep 0.1
        done
        umount -l "$3"
        rm -f "$1"
        """;

    private readonly Process _keeper;

    private QuotaDisk(Process keeper, string folder)
    {
        _keeper = keeper;
        Folder = folder;
    }

    public string Folder { get; }

    /// <summary>Bytes that can still be written.</summary>
    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    private string Ballast => Path.Combine(Folder, BallastName);

    /// <returns>Why this machine or user cannot have one, with what would be needed; null when it can.</returns>
    public static async Task<string?> WhyNotAsync()
    {
        string folder = Directory.CreateTempSubdirectory("simulation-disk-").FullName;
        try
        {
            await using QuotaDisk disk = await MountAsync(Path.Combine(folder, "mounted"), bytes: 8 << 20);
            return null;
        }
        catch (QuotaDiskException error)
        {
            return error.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Mounts an empty disk at a folder, which is made when missing. Its image, which takes only what is written to it, lies beside the folder.</summary>
    /// <exception cref="QuotaDiskException">It cannot be done here.</exception>
    public static async Task<QuotaDisk> MountAsync(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        Process keeper = GuardShell.Start(Keeper, "disk-keeper", folder + ".img", $"{bytes}", folder);
        string? answer = await keeper.StandardOutput.ReadLineAsync();
        if (answer == "mounted")
        {
            return new QuotaDisk(keeper, folder);
        }

        string said = $"{answer} {await keeper.StandardOutput.ReadToEndAsync()}".Trim();
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        File.Delete(folder + ".img");
        throw new QuotaDiskException($"A disk of limited size needs mkfs.ext4, a free loop device and the right to mount (root, or CAP_SYS_ADMIN): {said}");
    }

    /// <summary>Takes all room but so many bytes.</summary>
    /// <returns>How many bytes it took.</returns>
    public long Fill(long leave = 0)
    {
        byte[] zeros = new byte[1 << 20];
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        long before = ballast.Length;
        try
        {
            for (long room = Free - leave; room > 0; room = Free - leave)
            {
                ballast.Write(zeros, 0, (int)Math.Min(room, zeros.Length));
                ballast.Flush(flushToDisk: true);
            }
        }
        catch (IOException) when (Free < zeros.Length)
        {
            // Somebody else was faster: full is full.
        }

        return ballast.Length - before;
    }

    /// <summary>Gives the room back.</summary>
    public void Release() => File.Delete(Ballast);

    /// <summary>Unmounts; what was on it is gone. Whoever has files open there ends first.</summary>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }
}
