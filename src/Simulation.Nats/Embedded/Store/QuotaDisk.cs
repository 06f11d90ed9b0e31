using System.Collections.Immutable;
using System.Diagnostics;

namespace Simulation.Nats.Embedded;

/// <summary>The disk of a limited size could not be made; the message says what would be needed.</summary>
public sealed class QuotaDiskException(string message) : Exception(message);

/// <summary>
/// A file system of its own and of limited size at a folder: an image file, mounted. It can be filled up to the last byte and emptied again without
/// anybody else on the machine noticing. It is unmounted when it is disposed of, and when this process is gone; then its image stays, and is taken again.
/// </summary>
public sealed class QuotaDisk : IAsyncDisposable
{
    private const string BallastName = ".ballast";

    /// <summary>
    /// $1 is the image, $2 its size, $3 the folder. Says "mounted", or what went wrong; then waits for the end of its standard input. At that moment a
    /// server that has files there is being ended, too: unmounting waits for it a little, and else lets the kernel finish when it is gone. The image
    /// goes only when it was told so: without a word the harness died, and whoever takes up its work wants the files.
    /// That one's keeper waits until the kernel has let go of the image, and this one never unmounts again what it has unmounted once.
    /// </summary>
    private const string Keeper = """
        exec 3<&0 </dev/null
        trap '' INT HUP TERM
        {
            PATH=$PATH:/sbin:/usr/sbin
            for _ in $(seq 100); do
                holder=$(losetup -j "$1")
                if [ -z "$holder" ]; then break; fi
                sleep 0.1
            done
            if [ -n "$holder" ]; then echo "$1 is still in use"; exit 1; fi
            if [ ! -s "$1" ]; then truncate -s "$2" "$1" && mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,nodiscard "$1" || { rm -f "$1"; exit 1; }; fi
            mount -o loop "$1" "$3" && chmod 777 "$3" && rm -f "$3"/.ballast*
        } 2>&1 || exit 1
        echo mounted
        exec >/dev/null 2>&1
        told=
        while read -r word; do told=$word; done <&3
        mounted=yes
        for _ in $(seq 30); do
            if umount "$3"; then mounted=no; break; fi
            sleep 0.1
        done
        if [ $mounted = yes ]; then umount -l "$3"; fi
        if [ "$told" = done ]; then rm -f "$1"; fi
        """;

    private readonly Process _keeper;

    private QuotaDisk(Process keeper, string folder)
    {
        _keeper = keeper;
        Folder = folder;
    }

    public string Folder { get; }

    /// <summary>There is no room but what was left, until <see cref="Release"/>.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Bytes that can still be written.</summary>
    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    private string Ballast => Path.Combine(Folder, BallastName);

    /// <summary>Takes no time, however much it is.</summary>
    private string ReservedBallast => Path.Combine(Folder, BallastName + "-reserved");

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

        string said = $"{answer} {await keeper.StandardOutput.ReadToEndAsync()}".Trim().TrimEnd('.');
        await keeper.WaitForExitAsync();
        keeper.Dispose();
        throw new QuotaDiskException($"a disk of limited size needs mkfs.ext4, a free loop device and the right to mount (root, or CAP_SYS_ADMIN): {said}");
    }

    /// <summary>Unmounts what is below a folder and has no keeper any more: one that was killed together with its harness could not do it.</summary>
    /// <returns>The folders that were mounted.</returns>
    public static async Task<ImmutableArray<string>> UnmountForsakenAsync(string below)
    {
        if (!File.Exists("/proc/mounts"))
        {
            return [];
        }

        ImmutableArray<string> forsaken =
        [
            .. from line in await File.ReadAllLinesAsync("/proc/mounts")
               let fields = line.Split(' ')
               where fields[0].StartsWith("/dev/loop", StringComparison.Ordinal) && fields[1].StartsWith(Path.GetFullPath(below) + "/", StringComparison.Ordinal)
               where KeepersOf(fields[1]) == 0
               select fields[1],
        ];
        foreach (string folder in forsaken)
        {
            await Tool.RunAsync("umount", ["-l", folder]);
        }

        return forsaken;
    }

    /// <summary>Takes all room but so many bytes.</summary>
    /// <returns>How many bytes it took.</returns>
    public long Fill(long leave = 0)
    {
        IsFilled = true;
        long reserved = Reserve(leave);
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

        return reserved + ballast.Length - before;
    }

    /// <summary>Gives the room back.</summary>
    public void Release()
    {
        File.Delete(ReservedBallast);
        File.Delete(Ballast);
        IsFilled = false;
    }

    /// <summary>Unmounts; what was on it is gone. Whoever has files open there ends first.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _keeper.StandardInput.WriteLineAsync("done");
            _keeper.StandardInput.Close();
        }
        catch (IOException)
        {
            // The keeper is gone: the next start unmounts.
        }

        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    /// <summary>The file system needs some of it for its own books, so that the last bytes are for zeros.</summary>
    private long Reserve(long leave)
    {
        long room = Free - leave - (16 << 20);
        if (room <= 0 || File.Exists(ReservedBallast))
        {
            return 0;
        }

        try
        {
            File.OpenHandle(ReservedBallast, FileMode.CreateNew, FileAccess.Write, preallocationSize: room).Dispose();
            return room;
        }
        catch (IOException)
        {
            return 0; // Somebody else was faster; zeros will do.
        }
    }

    /// <summary>How many look after a disk at this folder: two, while the one of a harness that is gone comes to its end.</summary>
    internal static int KeepersOf(string folder) => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            string[] command = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
            return command.Contains("disk-keeper") && command.Contains(folder);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
